/** The S3-compatible storage of this machine: versitygw over a folder. */

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { demoStorageKey } from '#config/demo-values.ts'
import type { PartDefinition } from '../part.ts'

export interface StorageOptions {
  program: string
  /** Absolute: the server wants it so. */
  folder: string
  port: number
}

export interface StorageAccess {
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** Keys of the embedded server, which listens on the loopback address only. */
export function storageAccess(port: number): StorageAccess {
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    accessKeyId: 'rapporteur',
    secretAccessKey: demoStorageKey,
  }
}

export async function storagePart({ program, folder, port }: StorageOptions): Promise<PartDefinition> {
  const data = join(folder, 'data')
  const accounts = join(folder, 'iam')
  await mkdir(data, { recursive: true })
  await mkdir(accounts, { recursive: true })
  const { endpoint, accessKeyId, secretAccessKey } = storageAccess(port)
  return {
    name: 's3',
    title: 'The storage',
    file: program,
    args: [
      '--port',
      `127.0.0.1:${port}`,
      '--health',
      '/healthz',
      '--quiet',
      '--iam-dir',
      accounts,
      'posix',
      data,
    ],
    env: { ...process.env, ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
    isReady: async ({ signal }) => {
      const answer = await fetch(`${endpoint}/healthz`, { signal })
      if (!answer.ok) throw new Error(`/healthz answered ${answer.status}`)
    },
    readyWithinMs: 30_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
  }
}

/** Creates the bucket. Idempotent. */
export async function createBucketIfMissing(access: StorageAccess, bucket: string): Promise<void> {
  const client = new S3Client({
    endpoint: access.endpoint,
    region: access.region,
    credentials: { accessKeyId: access.accessKeyId, secretAccessKey: access.secretAccessKey },
    forcePathStyle: true,
  })
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name !== 'BucketAlreadyOwnedByYou' && name !== 'BucketAlreadyExists') throw error
  } finally {
    client.destroy()
  }
}
