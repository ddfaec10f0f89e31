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
