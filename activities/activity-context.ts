import type { Environment } from '#config/environment.ts'
import type { Mailer } from '#adapters/mailer.ts'
import type { LinkSigner } from '#adapters/signed-link.ts'
import type { FileProcesses } from './files/file-processes.ts'
import type { Source } from '#adapters/source.ts'
import type { Storage } from '#adapters/storage.ts'
import type { ScheduleParts } from '#engine/schedule-parts.ts'

/** What the activities reach the world through. One per worker process. */
export interface ActivityContext extends ScheduleParts {
  environment: Environment
  source: Source
  files: FileProcesses
  storage: Storage
  mailer: Mailer
  links: LinkSigner
}
