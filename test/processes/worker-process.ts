/** A worker as it runs in production: a process of its own, to be stopped or killed. */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectFolder } from '#local/settings.ts'

export interface WorkerProcess {
  pid: number
  /** What it has written so far. */
  output(): string
  /** Sends the signal. @returns how it ended: its exit code, or the signal that ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | NodeJS.Signals>
  /** Undefined as long as it runs. */
  ended(): number | NodeJS.Signals | undefined
}

const readyLine = '"msg":"worker ready"'
/** Bundling the workflows takes seconds, and on a busy machine many. */
const readyWithinMs = 150_000

/** Starts `activities/worker.ts` with these variables and waits until it takes tasks. */
export async function startWorkerProcess(
  variables: Readonly<Record<string, string>>,
): Promise<WorkerProcess> {
  const { PATH, TZ, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [join(projectFolder, 'activities/worker.ts')], {
    env: { PATH, TZ, NODE_COMPILE_CACHE, ...variables, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test run that ends early must not leave it behind.
  const killIt = () => child.kill('SIGKILL')
  process.once('exit', killIt)
  child.once('exit', () => process.off('exit', killIt))
  let output = ''
  const isReady = Promise.withResolvers<void>()
  const hear = (text: string) => {
    output += text
    if (output.includes(readyLine)) isReady.resolve()
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear)
  let ended: number | NodeJS.Signals | undefined
  const end = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve((ended = code ?? signal ?? -1)))
  })
  void end.then((how) =>
    isReady.reject(new Error(`The worker ended with ${how} before it was ready:\n${output}`)),
  )
  const tooLate = setTimeout(
    () => isReady.reject(new Error(`The worker is not ready within ${readyWithinMs} ms:\n${output}`)),
    readyWithinMs,
  )
  try {
    await isReady.promise
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    clearTimeout(tooLate)
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    ended: () => ended,
    end: (signal) => {
      child.kill(signal)
      return end
    },
  }
}
