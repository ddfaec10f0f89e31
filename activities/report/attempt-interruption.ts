import { cancellationSignal, CancelledFailure } from '@temporalio/activity'
import type { Locale } from '#domain/locale.ts'
import { activityFailure } from '../activity-failure.ts'

/** Not zero: the engine reads zero as "no further attempt". */
const immediateRetry = '0.1 seconds'

/**
 * Throws when this attempt is over: cancelled, or its worker is being stopped. A stopped attempt fails with a named
 * failure and starts again on another worker at once, without the back-off of a fault.
 */
export function throwIfOver(locale: Locale): void {
  const signal = cancellationSignal()
  if (!signal.aborted) return
  const reason: unknown = signal.reason
  if (reason instanceof CancelledFailure && reason.message === 'WORKER_SHUTDOWN') {
    throw activityFailure('worker_stopping', { locale, cause: reason, nextRetryDelay: immediateRetry })
  }
  throw reason
}

/**
 * Aborted when this attempt is over for the engine (timed out, worker being stopped): another attempt will repeat the
 * work. Not aborted when a person cancelled the report, since what cannot be undone must finish: an interrupted mail
 * may already be accepted, and an interrupted copy may still be made.
 */
export function interruptionSignal(cancellation: AbortSignal): AbortSignal {
  const interruption = new AbortController()
  const onAbort = () => {
    const reason: unknown = cancellation.reason
    const isOnlyCancelled = reason instanceof Error && reason.message === 'CANCELLED'
    if (!isOnlyCancelled) interruption.abort(reason)
  }
  if (cancellation.aborted) onAbort()
  else cancellation.addEventListener('abort', onAbort, { once: true })
  return interruption.signal
}
