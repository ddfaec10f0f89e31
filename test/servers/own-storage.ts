/** A storage of a test's own, to be stopped and started as an operator does. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, storageProgram } from '#local/binaries.ts'
import { Part } from '#local/part.ts'
import { createBucketIfMissing, storageAccess, storagePart } from '#local/parts/storage-part.ts'
import { freePort } from '#local/ports.ts'
import { forgetSupervisor, rememberSupervisor } from '#local/run-files.ts'
import type { TestBucket } from './bucket.ts'
import { testFolderPrefix } from './services.ts'

export interface OwnStorage {
  bucket: TestBucket
  start: () => Promise<void>
  stop: () => Promise<void>
  close: () => Promise<void>
}

export async function startOwnStorage(): Promise<OwnStorage> {
  const folder = await mkdtemp(join(tmpdir(), testFolderPrefix))
  const folders = { run: join(folder, 'run'), logs: join(folder, 'logs') }
  for (const each of Object.values(folders)) await mkdir(each)
  // If this run is killed, the next one stops what it left.
  rememberSupervisor(folders.run)
  const port = await freePort()
  const program = await findProgram(storageProgram, { localFolder: folder, say: () => undefined })
  const definition = await storagePart({ program, folder: join(folder, 's3'), port })
  let part: Part | undefined

  async function start(): Promise<void> {
    part = new Part(definition, folders, (text) => process.stderr.write(`${text}\n`))
    await part.start()
  }
  async function stop(): Promise<void> {
    await part?.stop()
    part = undefined
  }

  await start()
  const { endpoint, region, accessKeyId, secretAccessKey } = storageAccess(port)
  await createBucketIfMissing(storageAccess(port), 'reports')
  return {
    bucket: {
      S3_ENDPOINT: endpoint,
      S3_BUCKET: 'reports',
      S3_REGION: region,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    },
    start,
    stop,
    async close() {
      await stop()
      forgetSupervisor(folders.run)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
