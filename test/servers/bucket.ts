import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { createBucketIfMissing } from '#local/parts/storage-part.ts'

/** The storage variables of the environment, as `readEnvironment` gives them. */
export interface TestBucket {
  S3_ENDPOINT: string
  S3_BUCKET: string
  S3_REGION: string
  S3_ACCESS_KEY_ID: string
  S3_SECRET_ACCESS_KEY: string
}

/** A bucket for one test file; the run's end removes it. */
export async function createTestBucket(): Promise<TestBucket> {
  const { storage } = inject('services')
  const bucket = `test-${randomBytes(6).toString('hex')}`
  await createBucketIfMissing(storage, bucket)
  return {
    S3_ENDPOINT: storage.endpoint,
    S3_BUCKET: bucket,
    S3_REGION: storage.region,
    S3_ACCESS_KEY_ID: storage.accessKeyId,
    S3_SECRET_ACCESS_KEY: storage.secretAccessKey,
  }
}
