import pLimit from 'p-limit'
import type { Engine } from '#services/engine.ts'

const concurrency = 8
/** A person is waiting for the answer; the reconciler applies what is left then. */
const timeoutMs = 5_000

/** Applies these definitions to their Schedules, until Temporal does not answer or the time is up. */
export async function applySchedules(
  engine: Pick<Engine, 'applySchedule'>,
  ids: readonly string[],
): Promise<void> {
  const until = Date.now() + timeoutMs
  let answers = true
  await pLimit(concurrency).map(ids, async (id) => {
    if (!answers || Date.now() > until) return
    if (!(await engine.applySchedule(id))) answers = false
  })
}
