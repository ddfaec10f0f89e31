/**
 * The product's own way: this process is the worker, and the file is made in another. `peak_mb` is that of the other
 * process, where the memory for a file is used; `worker_mb` is that of this one.
 */

import { createFileProcesses } from '#files/process/file-processes.ts'
import { fileProcessIds } from '#test/processes/child-processes.ts'
import { contend, peakMegabytes } from './contender.ts'

await contend(async (job) => {
  const files = createFileProcesses({
    ...job.storage,
    SOURCE_DATABASE_URL: job.sourceUrl,
    // No file of it reads the product's own database.
    DATABASE_URL: job.sourceUrl,
    SOURCE_STATEMENT_TIMEOUT_SECONDS: 3600,
    DEMO_REPORT_TYPES: true,
    REPORTS_DIR: job.typesFolder,
    REPORT_MEMORY_LIMIT_MB: 512,
    REPORT_FILE_LIMIT_MB: 50_000,
  })
  // A worker does the same when it starts.
  await files.warmUp()
  const started = performance.now()
  const written = await files.make({
    number: 1,
    type: job.type,
    reads: 'source',
    format: job.format === 'csv' ? 'csv' : 'excel',
    columns: job.columns,
    filters: {},
    at: new Date(),
    timeZone: job.timeZone,
    locale: 'fr',
    viewer: job.viewer,
    title: 'Bench',
    requestedBy: 'Bench',
    generatedAt: new Date(),
    key: job.key,
  })
  const seconds = (performance.now() - started) / 1000
  const peaks = (await fileProcessIds()).map((pid) => peakMegabytes(pid))
  await files.close()
  return {
    seconds,
    peak_mb: Math.max(...peaks),
    worker_mb: peakMegabytes(),
    rows: written.rowCount,
    size_bytes: written.sizeBytes,
  }
})
