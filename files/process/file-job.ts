/** The messages between a worker and the process that makes its files. */

import { storageNames, type StorageSettings } from '#adapters/storage/storage-client.ts'
import type { SentSpan, TraceHeaders } from '#adapters/tracing/spans.ts'
import type { Reads } from '#catalogue/define-report.ts'
import type { TypeFiles } from '#catalogue/type-files.ts'
import type { Environment } from '#config/environment.ts'
import type { FailureCode } from '#domain/failures.ts'
import type { CsvOptions } from '#domain/csv-options.ts'
import type { Locale } from '#domain/locale.ts'
import type { FileFormat } from '#domain/report-status.ts'
import type { Viewer } from '#domain/report-type.ts'
import type { ErrorText } from './error-text.ts'
import type { WrittenFile } from '../write-report-file.ts'

const ownNames = [
  'SOURCE_STATEMENT_TIMEOUT_SECONDS',
  'REPORT_MEMORY_LIMIT_MB',
  'REPORT_FILE_LIMIT_MB',
] as const satisfies readonly (keyof Environment)[]

/**
 * By the database that a file's rows come from: its address, and where its types are. The organisation's own code is
 * loaded beside the source, and never beside the address of the product's database.
 */
const settingNamesOf = {
  source: ['SOURCE_DATABASE_URL', 'REPORTS_DIR', 'DEMO_REPORT_TYPES'],
  product: ['DATABASE_URL'],
} as const satisfies Record<Reads, readonly (keyof Environment)[]>

type Common = StorageSettings & Pick<Environment, (typeof ownNames)[number]>
type Named<Which extends Reads> = Pick<Environment, (typeof settingNamesOf)[Which][number]>

/** The part of the configuration that a worker needs for its files. */
export type FileSettings = Common & Named<'source'> & Named<'product'>

/** What one process gets of it: the secrets of one database and of the storage, and no other. */
export type FileProcessSettings =
  (Common & Named<'source'> & { reads: 'source' }) | (Common & Named<'product'> & { reads: 'product' })

/** Leaves out what else an object holds: a worker passes its whole configuration. */
export function toFileSettings(settings: FileSettings, reads: Reads): FileProcessSettings {
  const names: readonly (keyof FileSettings)[] = [...ownNames, ...storageNames, ...settingNamesOf[reads]]
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
  /** How a CSV file is written; as usual in the language unless given. */
  csv?: CsvOptions
  viewer: Viewer
  title: string
  requestedBy: string
  generatedAt: Date
  /** Object key of the file. */
  key: string
  /** Of the trace that it belongs to. */
  trace?: TraceHeaders
}

export interface FileFailure {
  /** `stopped`: it was asked to stop, and did. */
  code: FailureCode | 'stopped'
  /** Whether source or storage are not there for now. */
  isAway?: boolean
  /** The technical cause, for operators. */
  cause: ErrorText
}

export type ToFileProcess =
  /** Sent first, once, so that no secret is on the command line. */
  /** `types`: the organisation's own, as the worker has them; the folder's of now unless given. */
  | { kind: 'settings'; settings: FileProcessSettings; types?: TypeFiles; isTraced?: boolean }
  | { kind: 'make'; job: FileJob }
  | { kind: 'stop' }

export type FromFileProcess =
  | { kind: 'ready' }
  /** `memoryBytes`: what the process holds now. */
  | { kind: 'spans'; spans: SentSpan[] }
  | { kind: 'rows'; total: number; memoryBytes: number }
  | { kind: 'made'; file: WrittenFile; memoryBytes: number }
  | { kind: 'failed'; failure: FileFailure; memoryBytes: number }

/** Written to stderr by a process that is killed for its memory, when it cannot send a message. */
export const overMemoryLimit = 'over its memory limit'
