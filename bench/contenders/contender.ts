/** A contender's process: its job on stdin, its measurements on stdout. */

import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { Upload } from '@aws-sdk/lib-storage'
import { createStorageClient, type StorageSettings } from '#adapters/storage/storage-client.ts'
import type { Viewer } from '#domain/report-type.ts'
import type { Measurement } from '../benchmark.ts'

export interface ContenderJob {
  rows: number
  /** Key of the report type. */
  type: string
  /** Folder of further report types. */
  typesFolder: string
  format: 'csv' | 'xlsx'
  key: string
  sourceUrl: string
  storage: StorageSettings
  columns: string[]
  viewer: Viewer
  timeZone: string
  /** The query of the report, without parameters. */
  sql: string
}

export interface ContenderSample extends Measurement {
  /** Rows it wrote, where it can tell. */
  rows?: number
  size_bytes?: number
  note?: string
  [more: string]: unknown
}

/** Runs the job once and prints the sample; the job's own measurements replace those made here. */
export async function contend(run: (job: ContenderJob) => Promise<Partial<ContenderSample>>): Promise<void> {
  const job = JSON.parse(await text(process.stdin)) as ContenderJob
  const started = performance.now()
  const more = await run(job)
  const seconds = (performance.now() - started) / 1000
  console.log(JSON.stringify({ seconds, peak_mb: peakMegabytes(), ...more }))
}

/** The peers' upload to the storage: lib-storage as its README shows it. */
export async function plainUpload(job: ContenderJob, body: Readable): Promise<void> {
  const { storage, key } = job
  const client = createStorageClient(storage, storage.S3_ENDPOINT)
  await new Upload({ client, params: { Bucket: storage.S3_BUCKET, Key: key, Body: body } }).done()
  client.destroy()
}

/** Of this or another process of this machine: VmHWM where there is /proc; elsewhere getrusage, of this one. */
export function peakMegabytes(pid: number | 'self' = 'self'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Math.round((Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6)
  } catch {
    return Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)
  }
}
