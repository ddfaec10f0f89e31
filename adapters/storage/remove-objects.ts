import { DeleteObjectCommand, DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3'
import pLimit from 'p-limit'
import { statusOf, toStorageError } from './storage-error.ts'

const maxKeysPerDelete = 1000
const maxConcurrentDeletes = 8

/**
 * Deletes many objects with one request, or one by one where the storage has no such request (501, 405) or wants it
 * with a checksum of its own kind (400, as of Content-MD5): it is then not asked again.
 */
export function createRemover(client: S3Client, bucket: string): (keys: readonly string[]) => Promise<void> {
  let takesMany = true
  return async (keys) => {
    for (let start = 0; start < keys.length; start += maxKeysPerDelete) {
      const batch = keys.slice(start, start + maxKeysPerDelete)
      if (takesMany) {
        try {
          await removeMany(client, bucket, batch)
          continue
        } catch (error) {
          const failure = toStorageError(error, `remove ${batch[0]}`)
          if (failure.kind !== 'unsupported') throw failure
        }
      }
      await removeEach(client, bucket, batch)
      takesMany = false
    }
  }
}

export async function removeMany(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  const Delete = { Objects: keys.map((key) => ({ Key: key })), Quiet: true }
  const answer = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }))
  const refused = answer.Errors?.find((error) => error.Code !== 'NoSuchKey')
  if (refused) throw toStorageError(new Error(`${refused.Code}: ${refused.Message}`), `remove ${refused.Key}`)
}

async function removeEach(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  await pLimit(maxConcurrentDeletes).map(keys, async (key) => {
    try {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    } catch (error) {
      if (statusOf(error) !== 404) throw toStorageError(error, `remove ${key}`)
    }
  })
}
