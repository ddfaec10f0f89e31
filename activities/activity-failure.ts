/** Turns errors of the adapters into the product's named failures. */

import { TemporalFailure } from '@temporalio/common'
import { MailError } from '#adapters/mail/classify-mail-error.ts'
import { type FailureCode, failureSentence, isRetryable } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import { isDatabaseAway } from '#prisma/database-away.ts'
import { fileFailureCode, isFilePartAway } from '#files/process/file-failure-code.ts'
import { FileProcessError } from '#files/process/file-maker.ts'
import { ApplicationFailure } from '@temporalio/activity'

/**
 * The failure of reading the source or writing the storage, in the worker or in the process that makes the file. One that
 * is away ends the activity: the workflow waits, and the three attempts are for other faults.
 */
export function asFileFailure(error: unknown, locale: Locale): Error {
  if (error instanceof TemporalFailure) return error
  const { code, isAway, cause } = fileFault(error)
  return activityFailure(code, { locale, cause, ...(isAway ? { retryable: false } : {}) })
}

function fileFault(error: unknown): { code: FailureCode; isAway: boolean; cause?: unknown } {
  if (error instanceof FileProcessError) return error
  if (isDatabaseAway(error)) return { code: 'database_unavailable', isAway: true, cause: error }
  return { code: fileFailureCode(error), isAway: isFilePartAway(error), cause: error }
}

/**
 * The failure of a mail to one recipient. A server that defers the mail, or is away, ends the activity: the workflow
 * waits, for longer than an activity should, and uses up none of the three attempts for other faults. A mail that perhaps
 * arrived is not sent again.
 */
export function asMailFailure(error: unknown, locale: Locale): Error {
  if (!(error instanceof MailError)) return asFileFailure(error, locale)
  return namedMailFailure(
    error,
    locale,
    (code) => code !== 'mail_deferred' && !error.isPartAway && isRetryable(code),
  )
}

/**
 * The failure of a notice, whose own policy waits long enough for a server that defers the mail. Only a refused
 * mailbox is permanent, and a mail that perhaps arrived: a refused sender or message is a fault of the installation,
 * which an operator may repair within the day that a notice is retried.
 */
export function asNoticeFailure(error: unknown, locale: Locale): Error {
  if (error instanceof TemporalFailure) return error
  if (!(error instanceof MailError)) return activityFailure(fileFault(error).code, { locale, cause: error })
  return namedMailFailure(error, locale, (code) => code !== 'mail_refused' && code !== 'mail_uncertain')
}

function namedMailFailure(
  error: MailError,
  locale: Locale,
  isRetried: (code: FailureCode) => boolean,
): Error {
  const code = error.afterData
    ? 'mail_uncertain'
    : error.code === 'mail_interrupted'
      ? 'mail_unavailable'
      : error.code
  return activityFailure(code, {
    locale,
    cause: error,
    response: error.response ?? null,
    retryable: isRetried(code),
  })
}

export interface FailureOptions {
  locale: Locale
  /** The technical cause, for operators. */
  cause?: unknown
  /** The mail server's reply. */
  response?: string | null
  /** The wait before the next attempt, instead of the policy's back-off. */
  nextRetryDelay?: `${number} seconds`
  /** Whether the engine retries; by default the code decides. */
  retryable?: boolean
}

/**
 * A named failure: its type is the code, its message the sentence for people, its cause the error for operators. By
 * default the code decides whether the engine retries.
 */
export function activityFailure(code: FailureCode, options: FailureOptions): ApplicationFailure {
  const { cause, response, nextRetryDelay, retryable = isRetryable(code) } = options
  return ApplicationFailure.create({
    type: code,
    message: failureSentence(code, options.locale),
    nonRetryable: !retryable,
    details: response === undefined ? [] : [{ response }],
    cause: cause instanceof Error ? cause : undefined,
    nextRetryDelay,
  })
}
