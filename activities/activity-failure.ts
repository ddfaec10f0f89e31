/** Turns what the adapters throw into the product's named failures. */

import { TemporalFailure } from '@temporalio/common'
import { MailError } from '#adapters/mail/mail-error.ts'
import { type FailureCode, failureSentence, isRetryable } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import { isDatabaseAway } from '#prisma/database-away.ts'
import { fileFailureCode } from '#files/process/file-failure-code.ts'
import { FileProcessError } from '#files/process/file-maker.ts'
import { ApplicationFailure } from '@temporalio/activity'

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
  return namedMailFailure(error, locale, (code) => code !== 'mail_deferred' && isRetryable(code))
}

/**
 * A failure of a notice, whose own policy waits long enough for a server that asks to come back later. Only a mailbox
 * that is refused is given up: a sender or a message that is refused is the installation's fault, which somebody may
 * mend within the day that a notice is tried.
 */
export function asNoticeFailure(error: unknown, locale: Locale): Error {
  return namedMailFailure(error, locale, (code) => code !== 'mail_refused')
}

function namedMailFailure(
  error: unknown,
  locale: Locale,
  isTriedAgain: (code: FailureCode) => boolean,
): Error {
  if (!(error instanceof MailError)) return asFileFailure(error, locale)
  const code = error.code === 'mail_interrupted' ? 'mail_unavailable' : error.code
  return activityFailure(code, {
    locale,
    cause: error,
    response: error.response ?? null,
    retryable: isTriedAgain(code),
  })
}

export interface FailureOptions {
  locale: Locale
  /** The technical cause, for operators. */
  cause?: unknown
  /** The mail server's own words. */
  response?: string | null
  /** Wait this long before the next attempt, whatever the policy's back-off says. */
  nextRetryDelay?: `${number} seconds`
  /** Whether the engine tries again; follows from the code unless given. */
  retryable?: boolean
}

/**
 * A named failure: its type is the code, its message the sentence for people, its cause what operators need.
 * Whether the engine tries again follows from the code, as a rule.
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
