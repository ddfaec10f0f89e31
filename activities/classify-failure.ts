/** Turns what the adapters throw into the product's named failures. */

import { TemporalFailure } from '@temporalio/common'
import { MailError } from '#adapters/mail-error.ts'
import { SourceError } from '#adapters/source-error.ts'
import { StorageError } from '#adapters/storage-error.ts'
import type { FailureCode } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import { ReportConfigurationError } from '#reports/report-configuration.ts'
import { activityFailure } from './activity-failure.ts'

const sourceFailures = {
  unavailable: 'source_unavailable',
  timeout: 'source_timeout',
  rejected: 'source_query_failed',
} as const satisfies Record<SourceError['kind'], FailureCode>

const storageFailures = {
  unavailable: 'storage_unavailable',
  missing: 'file_missing',
  rejected: 'storage_refused',
} as const satisfies Record<StorageError['kind'], FailureCode>

/** A failure of reading the source or writing the storage. */
export function asFileFailure(error: unknown, locale: Locale): Error {
  if (error instanceof TemporalFailure) return error
  return activityFailure(codeOf(error), { locale, cause: error })
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof SourceError) return sourceFailures[error.kind]
  if (error instanceof StorageError) return storageFailures[error.kind]
  // Stored long ago, for a type that has changed since.
  if (error instanceof ReportConfigurationError) return 'report_type_unknown'
  return 'internal_error'
}

/**
 * A mail server that asks to come back later (greylisting) is asked again after these waits: most accept after one
 * minute, some only after five.
 */
const deferredRetryDelays = ['2 minutes', '6 minutes'] as const

/** A failure of writing to one recipient. */
export function asMailFailure(error: unknown, locale: Locale, attempt: number): Error {
  if (!(error instanceof MailError)) return asFileFailure(error, locale)
  const code = error.code === 'mail_interrupted' ? 'mail_unavailable' : error.code
  return activityFailure(code, {
    locale,
    cause: error,
    response: error.response ?? null,
    ...(error.kind === 'deferred'
      ? { nextRetryDelay: deferredRetryDelays[attempt - 1] ?? deferredRetryDelays[1] }
      : {}),
  })
}
