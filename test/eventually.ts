import { setTimeout as delay } from 'node:timers/promises'

/**
 * Polls until the answer holds; throws with the last answer when it does not in time. A busy Temporal that does not
 * answer in its own time is asked again; any other error ends the wait.
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  { withinMs = 40_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const until = Date.now() + withinMs
  for (;;) {
    try {
      const answer = await ask()
      if (holds(answer)) return answer
      if (Date.now() > until)
        throw new Error(`Not within ${withinMs} ms; last seen: ${JSON.stringify(answer, replaceBig)}`)
    } catch (error) {
      if (!isTemporalBusy(error) || Date.now() > until) throw error
    }
    await delay(everyMs)
  }
}

/** DEADLINE_EXCEEDED (4) of the server itself, as the client wraps it. */
function isTemporalBusy(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 4
}

function replaceBig(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}
