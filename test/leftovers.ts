import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { createStorageClient } from '#adapters/storage/storage-client.ts'
import { stagingPrefix } from '#domain/object-keys.ts'
import type { ReportWorld } from './worlds/report-world.ts'

export interface Leftovers {
  /** Keys of staged objects. */
  staged: string[]
  /** Keys of uploads that were begun, and neither finished nor aborted: they cost as much as objects. */
  uploads: string[]
}

export const nothingLeft: Leftovers = { staged: [], uploads: [] }

/** What attempts left in the storage, of one report or of all. Removes nothing. */
export async function leftovers(world: ReportWorld, number?: number): Promise<Leftovers> {
  const { environment, context } = world
  const prefix = number === undefined ? 'staging/' : stagingPrefix(number)
  const client = createStorageClient(environment, environment.S3_ENDPOINT)
  try {
    const [staged, { Uploads = [] }] = await Promise.all([
      context.storage.list(prefix),
      client.send(new ListMultipartUploadsCommand({ Bucket: environment.S3_BUCKET, Prefix: prefix })),
    ])
    return { staged, uploads: Uploads.map(({ Key }) => Key ?? '') }
  } finally {
    client.destroy()
  }
}
