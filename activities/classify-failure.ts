/** Turns what the adapters throw into the product's named failures. */

import { TemporalFailure } from '@temporalio/common'
import { MailError } from '#adapters/mail-error.ts'
import { SourceError } from '#adapters/source-error.ts'
import { StorageError } from '#adapters/storage-error.ts'
import type { FailureCode } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import { ReportConfigurationError } from '#reports/report-configuration.ts'
import { activityFailure } from './activity-failure.ts'
import { isDatabaseAway } from './database-away.ts'

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
  if (isDatabaseAway(error)) return 'database_unavailable'
  // Stored long ago, for a type that has changed since.
  if (error instanceof ReportConfigurationError) return 'report_type_unknown'
  return 'internal_error'
}

/**
 * A failure of writing to one recipient. A server that asks to come back later ends the activity: the workflow waits
 * for longer than an activity should, and uses up none of the three attempts that other faults have.
 */
export function asMailFailure(error: unknown, locale: Locale): Error {
  return namedMailFailure(error, locale, 'mail_deferred')
}

/** A failure of a notice, whose own policy waits long enough for a server that asks to come back later. */
export function asNoticeFailure(error: unknown, locale: Locale): Error {
  return namedMailFailure(error, locale)
}

/** @param final a code that this activity does not try again after, whatever the code says. */
function namedMailFailure(error: unknown, locale: Locale, final?: FailureCode): Error {
  if (!(error instanceof MailError)) return asFileFailure(error, locale)
  const code = error.code === 'mail_interrupted' ? 'mail_unavailable' : error.code
  return activityFailure(code, {
    locale,
    cause: error,
    response: error.response ?? null,
    ...(code === final ? { retryable: false } : {}),
  })
}
