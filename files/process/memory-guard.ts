/**
 * A thread of the process that makes files: it goes on when that process's own loop is busy or hangs. It ends the
 * process when it holds more memory than allowed, and when the worker that started it is gone.
 */

import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { overMemoryLimit } from './file-job.ts'

export interface MemoryGuardData {
  limitBytes: number
}

const lookEveryMs = 100
/** Over the limit it is asked to stop, which leaves nothing behind; well over it, or too late, it is ended. */
const utmostRatio = 1.5
/** Longer than stopping an upload takes. */
const graceMs = 20_000

const { limitBytes } = workerData as MemoryGuardData
const worker = process.ppid
let stopBy = Infinity

setInterval(() => {
  const heldBytes = process.memoryUsage.rss()
  const isOver = heldBytes > limitBytes
  if ((isOver || process.ppid !== worker) && stopBy === Infinity) {
    stopBy = Date.now() + graceMs
    if (isOver) parentPort?.postMessage(heldBytes)
  }
  if (heldBytes < limitBytes * utmostRatio && Date.now() < stopBy) return
  if (isOver) writeSync(2, `${overMemoryLimit}: ${heldBytes} bytes of ${limitBytes}\n`)
  process.kill(process.pid, 'SIGKILL')
}, lookEveryMs)
