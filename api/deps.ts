/** The API's dependencies: small interfaces, so that tests bring their own engine and keep the rest real. */

import type { PasswordLinks } from '#adapters/password-link.ts'
import type { LinkSigner } from '#adapters/signed-link.ts'
import type { Source } from '#adapters/source/source.ts'
import type { Storage } from '#adapters/storage/storage.ts'
import type { Environment } from '#config/environment.ts'
import type { Logger } from '#config/logger.ts'
import type { Engine } from '#services/engine.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { LiveCatalogue } from '#catalogue/live-catalogue.ts'
import type { Auth } from './auth/create-auth.ts'

export interface ApiDeps {
  environment: Environment
  prisma: PrismaClient
  auth: Auth
  catalogue: LiveCatalogue
  /** For the pages of rows: its statement timeout is seconds, not a report's hour. */
  source: Pick<Source, 'rows' | 'ping'>
  /** The product's own database, read like the source, for types that tell of the product itself. */
  productSource: Pick<Source, 'rows'>
  /** How long a page of rows waits for its count before it shows an estimate; half a second unless given. */
  countTimeoutMs?: number
  storage: Pick<Storage, 'ping' | 'head' | 'downloadUrl'>
  engine: Engine
  links: LinkSigner
  passwordLinks: PasswordLinks
  logger: Logger
  now(): Date
}
