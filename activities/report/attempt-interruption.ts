import { cancellationSignal, CancelledFailure } from '@temporalio/activity'
import type { Locale } from '#domain/locale.ts'
import { activityFailure } from '../activity-failure.ts'

/** Not zero: the engine takes that for no further attempt. */
const soon = '0.1 seconds'

/**
 * Throws when this attempt is over, whatever else it has to say: cancelled, or its worker is being stopped. A
 * stopped attempt fails by name, and at once begins again on another worker; it does not wait as after a fault.
 */
export function throwIfOver(locale: Locale): void {
  const signal = cancellationSignal()
  if (!signal.aborted) return
  const reason: unknown = signal.reason
  if (reason instanceof CancelledFailure && reason.message === 'WORKER_SHUTDOWN') {
    throw activityFailure('worker_stopping', { locale, cause: reason, nextRetryDelay: soon })
  }
  throw reason
}

/**
 * Aborted when this attempt is over for the engine (timed out, its worker is being stopped): another one will do the
 * work again. A report that a person cancelled lets what cannot be taken back finish: a mail half sent may be a mail
 * sent, and a copy given up may still be made.
 */
export function unlessOnlyCancelled(cancellation: AbortSignal): AbortSignal {
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
