/** Turns what the adapters throw into the product's named failures. */

import { TemporalFailure } from '@temporalio/common'
import { MailError } from '#adapters/mail-error.ts'
import type { Locale } from '#domain/locale.ts'
import { activityFailure } from './activity-failure.ts'
import { fileFailureCode } from './files/file-failure-code.ts'
import { FileProcessError } from './files/file-processes.ts'

/** A failure of reading the source or writing the storage, here or in the process that makes the file. */
export function asFileFailure(error: unknown, locale: Locale): Error {
  if (error instanceof TemporalFailure) return error
  if (error instanceof FileProcessError) return activityFailure(error.code, { locale, cause: error.cause })
  return activityFailure(fileFailureCode(error), { locale, cause: error })
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
