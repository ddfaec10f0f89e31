/** The messages between a worker and the process that makes its files. */

import type { StorageSettings } from '#adapters/storage/storage.ts'
import type { Reads } from '#catalogue/define-report.ts'
import type { Environment } from '#config/environment.ts'
import type { FailureCode } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import type { FileFormat } from '#domain/report-status.ts'
import type { Viewer } from '#domain/report-type.ts'
import type { ErrorText } from './error-text.ts'
import type { WrittenFile } from '../write-report-file.ts'

const settingNames = [
  'SOURCE_STATEMENT_TIMEOUT_SECONDS',
  'REPORT_MEMORY_LIMIT_MB',
  'S3_ENDPOINT',
  'S3_PUBLIC_ENDPOINT',
  'S3_BUCKET',
  'S3_REGION',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const satisfies readonly (keyof Environment)[]

/**
 * By the database that a file's rows come from: its address, and where its types are. The organisation's own code is
 * loaded beside the source, and never beside the address of the product's database.
 */
const settingNamesOf = {
  source: ['SOURCE_DATABASE_URL', 'REPORTS_DIR', 'DEMO_REPORT_TYPES'],
  product: ['DATABASE_URL'],
} as const satisfies Record<Reads, readonly (keyof Environment)[]>

type Common = StorageSettings & Pick<Environment, (typeof settingNames)[number]>
type Named<Which extends Reads> = Pick<Environment, (typeof settingNamesOf)[Which][number]>

/** The part of the configuration that a worker needs for its files. */
export type FileSettings = Common & Named<'source'> & Named<'product'>

/** What one process gets of it: the secrets of one database and of the storage, and no other. */
export type FileProcessSettings =
  (Common & Named<'source'> & { reads: 'source' }) | (Common & Named<'product'> & { reads: 'product' })

/** Leaves out what else an object holds: a worker passes its whole configuration. */
export function toFileSettings(settings: FileSettings, reads: Reads): FileProcessSettings {
  const names: readonly (keyof FileSettings)[] = [...settingNames, ...settingNamesOf[reads]]
  const entries = names.map((name) => [name, settings[name]])
  return { ...Object.fromEntries(entries), reads } as FileProcessSettings
}

/** One report's file. */
export interface FileJob {
  number: number
  /** Key of the report type. */
  type: string
  /** Its database: decides which process makes the file. */
  reads: Reads
  format: FileFormat
  /** Keys, in the order of the file. */
  columns: readonly string[]
  /** As stored on the row; relative periods are relative to `at`. */
  filters: Readonly<Record<string, unknown>>
  at: Date
  /** IANA zone. */
  timeZone: string
  locale: Locale
  viewer: Viewer
  title: string
  requestedBy: string
  generatedAt: Date
  /** Object key of the file. */
  key: string
}

export interface FileFailure {
  /** `stopped`: it was asked to stop, and did. */
  code: FailureCode | 'stopped'
  /** The technical cause, for operators. */
  cause: ErrorText
}

export type ToFileProcess =
  /** Sent first, once, so that no secret is on the command line. */
  { kind: 'settings'; settings: FileProcessSettings } | { kind: 'make'; job: FileJob } | { kind: 'stop' }

export type FromFileProcess =
  | { kind: 'ready' }
  | { kind: 'rows'; total: number }
  /** `memoryBytes`: the memory of the process after the file was made. */
  | { kind: 'made'; file: WrittenFile; memoryBytes: number }
  | { kind: 'failed'; failure: FileFailure; memoryBytes: number }

/** Written to stderr by a process that is killed for its memory, when it cannot send a message. */
export const overMemoryLimit = 'over its memory limit'
