import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks again and again until the answer is there; fails with the last thing it saw.
 * @param everyMs between two questions; unless given a twentieth of the wait so far, from 10 ms up to a quarter of a
 * second: asked every 50 ms, the waits for heartbeats and retries kept the processor from what they wait for.
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  { withinMs = 40_000, everyMs }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const began = Date.now()
  for (;;) {
    const answer = await ask()
    if (holds(answer)) return answer
    const waitedMs = Date.now() - began
    if (waitedMs > withinMs)
      throw new Error(`Not within ${withinMs} ms; last seen: ${JSON.stringify(answer, replaceBig)}`)
    await delay(everyMs ?? Math.min(Math.max(waitedMs / 20, 10), 250))
  }
}

function replaceBig(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}
