import type { Engine } from '#engine/engine.ts'

const atOnce = 8
/** A person is waiting for the answer; what is left then is the reconciler's. */
const longestMs = 5_000

/** Applies these definitions to their Schedules, as far as Temporal answers and a person waits. */
export async function applySchedules(
  engine: Pick<Engine, 'applySchedule'>,
  ids: readonly string[],
): Promise<void> {
  const queue = ids.values()
  const until = Date.now() + longestMs
  let answers = true
  await Promise.all(
    Array.from({ length: Math.min(atOnce, ids.length) }, async () => {
      for (const id of queue) {
        if (!answers || Date.now() > until) return
        answers &&= await engine.applySchedule(id)
      }
    }),
  )
}
