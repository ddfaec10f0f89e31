import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { CopyOut, Source } from '#adapters/source/source.ts'
import { SourceError } from '#adapters/source/source-error.ts'
import { StorageError } from '#adapters/storage/storage-error.ts'
import type { Storage } from '#adapters/storage/storage.ts'
import type { FilterValue } from '#domain/filter-values.ts'
import { csvOptionsOf, type CsvOptions } from '#domain/csv-options.ts'
import type { Locale } from '#domain/locale.ts'
import { maxSilenceMs } from '#contract/limits.ts'
import { contentTypeOf } from '#domain/object-keys.ts'
import type { FileFormat } from '#domain/report-status.ts'
import type { ColumnDescription, Viewer } from '#domain/report-type.ts'
import type { Misfit } from '#domain/schemas/report-schema.ts'
import { compileQuery } from '#catalogue/compile-query.ts'
import type { ReportDefinition } from '#catalogue/define-report.ts'
import { columnsOf } from '#catalogue/report-configuration.ts'
import type { SqlFragment } from '#catalogue/sql.ts'
import { csvFile } from './csv/csv-file.ts'
import { gzipped } from './csv/gzipped.ts'
import type { ReportAbout } from './excel/excel-about.ts'
import type { SheetLimits } from './excel/excel-file.ts'
import { misfitsOf, noMisfits } from './misfits.ts'

interface FileDestination {
  format: FileFormat
  /** IANA zone in which instants are written. */
  timeZone: string
  locale: Locale
  /** How a CSV file is written; as usual in the language unless given. */
  csv?: CsvOptions
  about: ReportAbout
  source: Source
  storage: Storage
  /** Object key of the file. */
  key: string
  /** More ends the file early, see storage.ts. */
  maxBytes?: number
  signal?: AbortSignal
  /**
   * Called with the rows written so far, on real progress only: at the start, every tenth of a second while rows
   * arrive, when the storage has accepted a part, and with the exact total at the end. While no row arrives, every few
   * seconds as long as the database says that it is working on them.
   */
  onRows?: (total: number) => void
  sheetLimits?: Partial<SheetLimits>
}

export interface ReportFileInput extends FileDestination {
  definition: ReportDefinition
  /** Keys, in the order of the file. */
  columns: readonly string[]
  /** Periods resolved. */
  filters: Readonly<Record<string, FilterValue>>
  viewer: Viewer
}

export interface QueryFileInput extends FileDestination {
  query: SqlFragment
  /** The columns that the query returns. */
  columns: readonly ColumnDescription[]
}

export interface WrittenFile {
  rowCount: number
  sizeBytes: number
  /** SHA-256 of the file's bytes, hexadecimal. */
  checksum: string
  etag: string
  /** Values that are not what their column's type promises. */
  misfits: Misfit[]
}

const reportEveryMs = 100
/** The silence after which the database is asked whether it is still working. */
const askAfterMs = 5_000
/** How often it is looked whether anything moved; while an attempt that was ended cleans up, how often it says so. */
const watchEveryMs = 1_000
/** Cleaning up behind a silent storage takes 24 s at most (multipart-upload.ts). */
const maxCleanupMs = 30_000

/** The file and the database disagree about the number of rows. */
export class RowCountError extends Error {
  override readonly name = 'RowCountError'
}

/**
 * Writes a report's file from the query into the storage, in constant memory. When it fails or is aborted, the query
 * is cancelled and nothing remains in the storage. It fails as `unavailable` when source or storage let nothing move.
 * @throws SourceError, StorageError, RowCountError; the signal's reason when aborted.
 */
export function writeReportFile(input: ReportFileInput): Promise<WrittenFile> {
  const { definition, columns, filters, viewer, timeZone, locale } = input
  return writeQueryFile({
    ...input,
    query: compileQuery(definition, { columns, filters, viewer, timeZone, locale }),
    columns: columnsOf(definition, columns),
  })
}

/** The same for any query whose columns are described. */
export async function writeQueryFile(input: QueryFileInput): Promise<WrittenFile> {
  const { query, columns, format, timeZone, locale, about, source, storage, key, signal, sheetLimits } = input
  // Its library takes memory that a CSV file has no use for.
  const excel = format === 'excel' ? await import('./excel/excel-file.ts') : undefined
  let rowCount = 0
  let reportedAt = 0
  const report = () => {
    reportedAt = performance.now()
    input.onRows?.(rowCount)
  }
  const onRows = (total: number) => {
    rowCount = total
    if (performance.now() - reportedAt >= reportEveryMs) report()
  }
  // The end of the upload also ends the query, even one that has not sent its first row.
  const stop = new AbortController()
  const onAbort = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()

  const misfits = noMisfits(columns)
  const rows = source.copyOut(query, { timeZone, signal: stop.signal })
  report()
  const reading = { waits: true }
  const watchedRows = withLivenessCheck(rows, reading, report)
  const watch = setInterval(() => {
    const silentMs = performance.now() - reportedAt
    if (silentMs < maxSilenceMs) return
    if (!stop.signal.aborted) stop.abort(silenceOf(reading.waits))
    if (silentMs < maxSilenceMs + maxCleanupMs) input.onRows?.(rowCount)
  }, watchEveryMs)
  const csv = input.csv ?? csvOptionsOf(locale)
  const file =
    excel === undefined
      ? csvFile({ columns, locale, options: csv, rows: watchedRows, onRows, misfits })
      : excel.excelFile({
          columns,
          locale,
          timeZone,
          about,
          rows: watchedRows,
          onRows,
          misfits,
          limits: sheetLimits,
        })
  const packed = format === 'csv' && csv.gzip ? gzipped(file) : file
  const hash = createHash('sha256')
  const checked = async function* () {
    for await (const chunk of packed) {
      hash.update(chunk)
      yield chunk
    }
    if (rows.rowCount !== rowCount) {
      throw new RowCountError(`The database sent ${rows.rowCount} rows, the file has ${rowCount}`)
    }
  }
  try {
    const body = Readable.from(checked(), { objectMode: false, highWaterMark: 1024 * 1024 })
    const { sizeBytes, etag } = await storage.upload(key, body, {
      contentType: contentTypeOf(key),
      maxBytes: input.maxBytes,
      signal: stop.signal,
      onPart: report,
    })
    report()
    return {
      rowCount,
      sizeBytes,
      checksum: hash.digest('hex'),
      etag,
      misfits: misfitsOf(columns, misfits, locale),
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    stop.abort()
    // Settles only when the query's connection is released; a failure was thrown above.
    await packed.return(undefined).catch(() => {})
    await file.return(undefined).catch(() => {})
    clearInterval(watch)
  }
}

function silenceOf(isSource: boolean): SourceError | StorageError {
  const words = `let nothing move for ${maxSilenceMs / 1000} s`
  return isSource
    ? new SourceError('unavailable', `The source database ${words}`)
    : new StorageError('unavailable', `The storage ${words}`)
}

/** Passes the rows on; calls back when none came for a while and the database says that it is working on them. */
async function* withLivenessCheck(
  rows: CopyOut,
  /** Whether the reader waits for rows, and not they for it. */
  reading: { waits: boolean },
  onWorking: () => void,
): AsyncGenerator<Buffer> {
  let chunks = 0
  let chunksBefore = 0
  const asking = setInterval(() => {
    if (reading.waits && chunks === chunksBefore) {
      // When the database cannot be asked, nothing is reported, and the wait continues without a sign of life.
      rows.isWorking().then(
        (isWorking) => isWorking && reading.waits && onWorking(),
        () => {},
      )
    }
    chunksBefore = chunks
  }, askAfterMs)
  try {
    for await (const chunk of rows) {
      reading.waits = false
      chunks++
      yield chunk
      reading.waits = true
    }
  } finally {
    reading.waits = false
    clearInterval(asking)
  }
}
