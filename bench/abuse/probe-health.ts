/**
 * A thread that asks /healthz at a fixed pace between `begin` and `end`, whatever the bench itself is busy with:
 * `workerData` is the API's URL.
 */

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

let result: ProbeResult
let timer: NodeJS.Timeout
const pending = new Set<Promise<void>>()

parentPort?.on('message', (word: 'begin' | 'end') => {
  if (word === 'begin') begin()
  else void end()
})

function begin(): void {
  result = { milliseconds: [], failed: 0 }
  const started = performance.now()
  let asked = 0
  timer = setInterval(() => {
    while (started + asked * everyMs <= performance.now()) {
      const due = started + asked++ * everyMs
      const one = ask(due).finally(() => pending.delete(one))
      pending.add(one)
    }
  }, 5)
}

async function end(): Promise<void> {
  clearInterval(timer)
  await Promise.all(pending)
  parentPort?.postMessage(result)
}

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
