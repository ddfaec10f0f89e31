/** Turns what the adapters throw into the product's named failures. */

import { TemporalFailure } from '@temporalio/common'
import { MailError } from '#adapters/mail-error.ts'
import type { FailureCode } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import { isDatabaseAway } from '#prisma/database-away.ts'
import { activityFailure } from './activity-failure.ts'
import { fileFailureCode } from './files/file-failure-code.ts'
import { FileProcessError } from './files/file-maker.ts'

/** A failure of reading the source or writing the storage, here or in the process that makes the file. */
export function asFileFailure(error: unknown, locale: Locale): Error {
  if (error instanceof TemporalFailure) return error
  if (error instanceof FileProcessError) return activityFailure(error.code, { locale, cause: error.cause })
  if (isDatabaseAway(error)) return activityFailure('database_unavailable', { locale, cause: error })
  return activityFailure(fileFailureCode(error), { locale, cause: error })
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
