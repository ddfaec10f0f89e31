import { SourceError } from '#adapters/source/source-error.ts'
import { StorageError } from '#adapters/storage/storage-error.ts'
import type { FailureCode } from '#domain/failures.ts'
import { ReportConfigurationError } from '#catalogue/report-configuration.ts'

const sourceFailures = {
  unavailable: 'source_unavailable',
  conflict: 'source_conflict',
  timeout: 'source_timeout',
  rejected: 'source_query_failed',
} as const satisfies Record<SourceError['kind'], FailureCode>

const storageFailures = {
  unavailable: 'storage_unavailable',
  missing: 'file_missing',
  no_bucket: 'storage_missing',
  no_credentials: 'storage_no_credentials',
  rejected: 'storage_refused',
  unsupported: 'storage_unsupported',
  too_large: 'file_too_large',
  full: 'storage_full',
} as const satisfies Record<StorageError['kind'], FailureCode>

/**
 * Whether source or storage are of no use for now, in contrast to one that answers and fails: a storage that is full is
 * one again as soon as an operator has made room.
 */
export function isFilePartAway(error: unknown): boolean {
  return error instanceof SourceError
    ? error.isAway
    : error instanceof StorageError && (error.kind === 'unavailable' || error.kind === 'full')
}

/** The failure code of an error of reading the source or writing the storage. */
export function fileFailureCode(error: unknown): FailureCode {
  if (error instanceof SourceError) return sourceFailures[error.kind]
  if (error instanceof StorageError) return storageFailures[error.kind]
  // A configuration stored for a type that has changed since.
  if (error instanceof ReportConfigurationError) return 'report_type_unknown'
  return 'internal_error'
}
