import type { Environment } from '#config/environment.ts'
import type { Mailer } from '#adapters/mail/mailer.ts'
import type { PasswordLinks } from '#adapters/password-link.ts'
import type { LinkSigner } from '#adapters/signed-link.ts'
import type { LiveCatalogue } from '#catalogue/live-catalogue.ts'
import type { FileProcesses } from '#files/process/file-processes.ts'
import type { MailTurns } from './mail-turns.ts'
import type { Source } from '#adapters/source/source.ts'
import type { Storage } from '#adapters/storage/storage.ts'
import type { ServiceContext } from '#services/service-context.ts'

/** The connections and clients that the activities use. One per worker process. */
export interface ActivityContext extends ServiceContext {
  environment: Environment
  catalogue: LiveCatalogue
  source: Source
  /** The product's own database, read like the source, for types that tell of the product itself. */
  productSource: Source
  files: FileProcesses
  storage: Storage
  mailer: Mailer
  /** Every mail goes through these. */
  mailTurns: MailTurns
  links: LinkSigner
  passwordLinks: PasswordLinks
}
