import { setTimeout as delay } from 'node:timers/promises'

/** Polls until the answer holds; throws with the last answer when it does not in time. */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  { withinMs = 40_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const until = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (holds(answer)) return answer
    if (Date.now() > until)
      throw new Error(`Not within ${withinMs} ms; last seen: ${JSON.stringify(answer, replaceBig)}`)
    await delay(everyMs)
  }
}

function replaceBig(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}
