/** Clients of the storage, and what each object that is written asks of it. */

import { S3Client, type PutObjectCommandInput, type StorageClass } from '@aws-sdk/client-s3'
import type { Environment } from '#config/environment.ts'
import { storageVariables } from '#config/storage-variables.ts'
import { inSpan, isTracing } from '../tracing/spans.ts'

export const storageNames = Object.keys(storageVariables) as (keyof typeof storageVariables)[]

type Variables = Pick<Environment, keyof typeof storageVariables>

/** The endpoint of AWS, credentials and all further wishes may be missing. */
export type StorageSettings = Pick<Variables, 'S3_BUCKET' | 'S3_REGION'> & Partial<Variables>

const connectionTimeoutMs = 5_000
/** A socket that is silent for this long is closed; the SDK retries. */
const socketTimeoutMs = 30_000
/** Two more than the SDK's own three: a storage that answers 503 SlowDown wants some seconds. */
const maxAttempts = 5

/** Without keys, the SDK's default chain finds credentials and renews those that expire. */
export function createStorageClient(settings: StorageSettings, endpoint: string | undefined): S3Client {
  const { S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_SESSION_TOKEN, S3_ADDRESSING } = settings
  const checksums = settings.S3_CHECKSUMS === 'when_supported' ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED'
  const client = new S3Client({
    region: settings.S3_REGION,
    ...(S3_ACCESS_KEY_ID && S3_SECRET_ACCESS_KEY
      ? {
          credentials: {
            accessKeyId: S3_ACCESS_KEY_ID,
            secretAccessKey: S3_SECRET_ACCESS_KEY,
            sessionToken: S3_SESSION_TOKEN,
          },
        }
      : {}),
    ...(endpoint === undefined ? {} : { endpoint }),
    // A storage with its own address rarely has a host name per bucket.
    forcePathStyle: S3_ADDRESSING === undefined ? endpoint !== undefined : S3_ADDRESSING === 'path',
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    maxAttempts,
    requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: socketTimeoutMs },
    // Smaller chunks of a streamed body are refused by some storage servers.
    requestStreamBufferSize: 65_536,
  })
  if (isTracing())
    client.middlewareStack.add(
      (next, { commandName = 'unknown' }) => {
        const method = commandName.replace(/Command$/, '')
        return (args) =>
          inSpan(`s3 ${method}`, { 'rpc.service': 's3', 'rpc.method': method }, () => next(args))
      },
      { step: 'initialize', name: 'traceCommands' },
    )
  return client
}

/** For PutObject, CreateMultipartUpload and CopyObject alike; parts take it from their upload. */
export function writeParams({
  S3_ENCRYPTION,
  S3_KMS_KEY_ID,
  S3_STORAGE_CLASS,
}: StorageSettings): Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'StorageClass'> {
  return {
    ...(S3_ENCRYPTION && { ServerSideEncryption: S3_ENCRYPTION }),
    ...(S3_KMS_KEY_ID && { SSEKMSKeyId: S3_KMS_KEY_ID }),
    // Storages have classes of their own beside those that the SDK knows.
    ...(S3_STORAGE_CLASS && { StorageClass: S3_STORAGE_CLASS as StorageClass }),
  }
}
