import pLimit from 'p-limit'
import type { Engine } from '#engine/engine.ts'

const atOnce = 8
/** A person is waiting for the answer; what is left then is the reconciler's. */
const longestMs = 5_000

/** Applies these definitions to their Schedules, as far as Temporal answers and a person waits. */
export async function applySchedules(
  engine: Pick<Engine, 'applySchedule'>,
  ids: readonly string[],
): Promise<void> {
  const until = Date.now() + longestMs
  let answers = true
  await pLimit(atOnce).map(ids, async (id) => {
    if (!answers || Date.now() > until) return
    if (!(await engine.applySchedule(id))) answers = false
  })
}
