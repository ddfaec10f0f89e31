/**
 * Requests that arrive together begin a few in each turn of the event loop, in the order they came, and not before the
 * connections behind them are accepted. Node accepts one connection a turn: where every turn also begins a sign-in,
 * three hundred of them keep the one that asks for /healthz waiting for 600 ms (`npm run bench -- abuse`). What is
 * waited for takes no turn: a slow query holds back nobody.
 */

import type { MiddlewareHandler } from 'hono'

/** Requests begun in a turn. */
const perTurn = 2
/** However many go on arriving, a request waits no longer than this for its turns to come. */
const longestHoldMs = 50

export function admitInTurn(): MiddlewareHandler {
  const waiting: { since: number; begin: () => void }[] = []
  let isTurning = false
  /** In this turn. */
  let begun = 0
  let arrived = 0

  const nextTurn = () => {
    const isHeld = arrived > 0 && performance.now() - (waiting[0]?.since ?? 0) < longestHoldMs
    const admitted = isHeld ? [] : waiting.splice(0, perTurn)
    begun = admitted.length
    arrived = 0
    isTurning = begun > 0 || waiting.length > 0
    if (isTurning) setImmediate(nextTurn)
    for (const { begin } of admitted) begin()
  }

  return async (_context, next) => {
    arrived++
    if (!isTurning) {
      isTurning = true
      setImmediate(nextTurn)
    }
    if (begun < perTurn && waiting.length === 0) begun++
    else await new Promise<void>((begin) => waiting.push({ since: performance.now(), begin }))
    await next()
  }
}
