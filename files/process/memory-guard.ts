/**
 * A thread of the process that makes files, which runs on when the event loop of the process is blocked. It ends the
 * process when it uses more memory than allowed, and when its worker is gone.
 */

import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { overMemoryLimit } from './file-job.ts'

export interface MemoryGuardData {
  limitBytes: number
}

const checkIntervalMs = 100
/** Over the limit the job is asked to stop and cleans up; over this ratio, or after `graceMs`, it is killed. */
const killRatio = 1.5
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
  if (heldBytes < limitBytes * killRatio && Date.now() < stopBy) return
  if (isOver) writeSync(2, `${overMemoryLimit}: ${heldBytes} bytes of ${limitBytes}\n`)
  process.kill(process.pid, 'SIGKILL')
}, checkIntervalMs)
