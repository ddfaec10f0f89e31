import type { Source } from '#adapters/source/source.ts'
import type { Storage } from '#adapters/storage/storage.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'
import { mayUse, type Reads } from '#catalogue/define-report.ts'
import { filtersInWords } from '#catalogue/filters-in-words.ts'
import { resolveFilters } from '#catalogue/resolve-filters.ts'
import type { FileJob } from './file-job.ts'
import { writeReportFile, type WrittenFile } from '../write-report-file.ts'

export interface FileTools {
  /** The database that `source` is. */
  reads: Reads
  catalogue: Catalogue
  source: Source
  storage: Storage
  /** REPORT_FILE_LIMIT_MB. */
  maxFileBytes: number
}

/** Why a file may not be made, as a failure code. */
export class FileRefusal extends Error {
  override readonly name = 'FileRefusal'
  readonly code: 'report_type_unknown' | 'access_revoked'

  constructor(code: FileRefusal['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Makes a report's file, and runs all of the report type's own code for it: access, scope, filters, query.
 * @throws FileRefusal; what `writeReportFile` throws.
 */
export async function makeFile(
  { reads, catalogue, source, storage, maxFileBytes }: FileTools,
  job: FileJob,
  { signal, onRows }: { signal: AbortSignal; onRows: (total: number) => void },
): Promise<WrittenFile> {
  const { number, type, viewer, locale, timeZone, at } = job
  const definition = catalogue.get(type)
  if (!definition) throw new FileRefusal('report_type_unknown', `There is no report type ${type}`)
  if ((definition.reads ?? 'source') !== reads) {
    throw new Error(`A file of ${type} was asked of a process that reads another database`)
  }
  if (!mayUse(definition, viewer)) {
    throw new FileRefusal('access_revoked', `${viewer.id} may no longer use the report type ${type}`)
  }
  // Resolving again is idempotent, and refuses what the catalogue no longer has.
  const filters = resolveFilters(definition, job.filters, { at, timeZone })
  return writeReportFile({
    definition,
    format: job.format,
    columns: job.columns,
    filters,
    viewer,
    timeZone,
    locale,
    csv: job.csv,
    about: {
      number,
      title: job.title,
      requestedBy: job.requestedBy,
      generatedAt: job.generatedAt,
      filters: await filtersInWords({ rows: (query) => source.rows(query, { timeZone }) }, definition, {
        filters,
        viewer,
        locale,
      }),
    },
    source,
    storage,
    key: job.key,
    maxBytes: maxFileBytes,
    signal,
    onRows,
  })
}
