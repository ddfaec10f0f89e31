/**
 * The entry of the process that makes files, one at a time, for the worker that started it. A report type's own code,
 * or the size of a report, can crash only this process.
 */

import { writeFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { createSource } from '#adapters/source/source.ts'
import { createStorage } from '#adapters/storage/storage.ts'
import { inServerSpan } from '#adapters/tracing/spans.ts'
import { installedCatalogue, productCatalogue } from '#catalogue/load-catalogue.ts'
import { toErrorText } from './error-text.ts'
import type { FileFailure, FileJob, FromFileProcess, ToFileProcess } from './file-job.ts'
import { fileFailureCode, isFilePartAway } from './file-failure-code.ts'
import { FileRefusal, makeFile, type FileTools } from './make-file.ts'
import type { MemoryGuardData } from './memory-guard.ts'

/** One for the rows, one to cancel them or to read labels. */
const sourceConnections = 2
const megabyte = 1024 * 1024

class MemoryLimitError extends Error {
  override readonly name = 'MemoryLimitError'
}

let tools: Promise<FileTools> | undefined
let stopJob: ((reason: Error) => void) | undefined
let running: Promise<void> = Promise.resolve()

// Ignored: they reach the whole process group when the worker is stopped, and the worker then stops this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
// The worker is gone, and another one makes this file again. The upload is aborted first.
process.once('disconnect', () => {
  stopJob?.(new Error('The worker has gone'))
  void running.finally(() => process.exit(0))
})
// Makes a kernel without memory kill this process rather than the worker. Only Linux has the file.
await writeFile('/proc/self/oom_score_adj', '500').catch(() => {})

process.on('message', (message: ToFileProcess) => {
  if (message.kind === 'settings') {
    guardMemory(message.settings.REPORT_MEMORY_LIMIT_MB * megabyte)
    tools = openTools(message)
    tools.catch(() => {})
  } else if (message.kind === 'make') {
    running = make(message.job)
  } else {
    stopJob?.(new Error('The worker asked to stop'))
  }
})
send({ kind: 'ready' })

async function openTools({
  settings,
  types,
  isTraced,
}: Extract<ToFileProcess, { kind: 'settings' }>): Promise<FileTools> {
  const { reads } = settings
  if (isTraced) {
    const { traceToWorker } = await import('./trace-to-worker.ts')
    traceToWorker((spans) => send({ kind: 'spans', spans }))
  }
  return {
    reads,
    catalogue: await (reads === 'product' ? productCatalogue() : installedCatalogue(settings, types)),
    source: createSource({
      connectionString: reads === 'product' ? settings.DATABASE_URL : settings.SOURCE_DATABASE_URL,
      statementTimeoutMs: settings.SOURCE_STATEMENT_TIMEOUT_SECONDS * 1000,
      maxConnections: sourceConnections,
    }),
    storage: createStorage(settings),
    maxFileBytes: settings.REPORT_FILE_LIMIT_MB * megabyte,
  }
}

async function make(job: FileJob): Promise<void> {
  const stop = new AbortController()
  stopJob = (reason) => stop.abort(reason)
  try {
    if (!tools) throw new Error('The process was given a job before its settings')
    const onRows = (total: number) => send({ kind: 'rows', total, memoryBytes: process.memoryUsage.rss() })
    const opened = await tools
    const file = await inServerSpan('make file', job.trace ?? {}, () =>
      makeFile(opened, job, { signal: stop.signal, onRows }),
    )
    send({ kind: 'made', file, memoryBytes: process.memoryUsage.rss() })
  } catch (error) {
    const failure = failureOf(stop.signal.aborted ? stop.signal.reason : error, stop.signal.aborted)
    send({ kind: 'failed', failure, memoryBytes: process.memoryUsage.rss() })
  } finally {
    stopJob = undefined
  }
}

function failureOf(error: unknown, wasStopped: boolean): FileFailure {
  const cause = toErrorText(error)
  if (error instanceof MemoryLimitError) return { code: 'memory_limit_exceeded', cause }
  if (wasStopped) return { code: 'stopped', cause }
  if (error instanceof FileRefusal) return { code: error.code, cause }
  return { code: fileFailureCode(error), isAway: isFilePartAway(error), cause }
}

function guardMemory(limitBytes: number): void {
  const guard = new Worker(new URL('./memory-guard.ts', import.meta.url), {
    workerData: { limitBytes } satisfies MemoryGuardData,
  })
  guard.on('message', (heldBytes: number) => {
    const [held, limit] = [heldBytes, limitBytes].map((bytes) => Math.round(bytes / megabyte))
    stopJob?.(new MemoryLimitError(`${held} MB held, REPORT_MEMORY_LIMIT_MB allows ${limit}`))
  })
  guard.unref()
}

function send(message: FromFileProcess): void {
  // When the worker is gone nothing is sent; `disconnect` ends this process.
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}
