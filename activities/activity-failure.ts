import { ApplicationFailure } from '@temporalio/activity'
import { failureSentence, isRetryable, type FailureCode } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'

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
