/** A thread that asks /healthz at a fixed pace, whatever the bench itself is busy with: `workerData` is the API's URL. */

import { parentPort, workerData } from 'node:worker_threads'

export interface ProbeResult {
  /** Milliseconds to each answer, from the moment it was due. */
  milliseconds: number[]
  /** No answer, or another status than 200. */
  failed: number
}

/** Not waiting for the answer before: a service that stands still is asked on, as a load balancer would. */
const everyMs = 25
const timeoutMs = 10_000

const result: ProbeResult = { milliseconds: [], failed: 0 }
const pending = new Set<Promise<void>>()
const started = performance.now()
let asked = 0

const timer = setInterval(() => {
  while (started + asked * everyMs <= performance.now()) {
    const due = started + asked++ * everyMs
    const one = ask(due).finally(() => pending.delete(one))
    pending.add(one)
  }
}, 5)

parentPort?.once('message', () => {
  clearInterval(timer)
  void Promise.all(pending).then(() => parentPort?.postMessage(result))
})

async function ask(due: number): Promise<void> {
  try {
    const answer = await fetch(`${workerData}/healthz`, { signal: AbortSignal.timeout(timeoutMs) })
    await answer.text()
    if (answer.status !== 200) result.failed++
  } catch {
    result.failed++
  }
  result.milliseconds.push(performance.now() - due)
}
