import { TimeoutType } from '@temporalio/common'
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow'
import { failureSentence, isFailureCode, mailResponseIn, type FailureCode } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'

export interface FailureDescription {
  code: FailureCode
  /** A sentence for the user, in the report's language. */
  message: string
  /** The mail server's reply, for a recipient. */
  response: string | null
}

/** The code of an activity's failure, with its sentence. */
export function describeFailure(error: unknown, locale: Locale): FailureDescription {
  const cause = error instanceof ActivityFailure ? error.cause : error
  const code = codeOf(cause)
  return { code, message: failureSentence(code, locale), response: responseOf(cause) }
}

function codeOf(cause: unknown): FailureCode {
  if (cause instanceof TimeoutFailure) {
    return cause.timeoutType === TimeoutType.HEARTBEAT ? 'worker_lost' : 'timed_out'
  }
  if (cause instanceof ApplicationFailure && cause.type && isFailureCode(cause.type)) return cause.type
  return 'internal_error'
}

function responseOf(cause: unknown): string | null {
  return cause instanceof ApplicationFailure ? mailResponseIn(cause.details?.[0]) : null
}
