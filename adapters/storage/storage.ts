/**
 * Where finished files are kept: one bucket of any S3-compatible storage.
 */

import { pipeline, Readable, Transform } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
  paginateListObjectsV2,
  ListMultipartUploadsCommand,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { Environment } from '#config/environment.ts'
import { multipartUpload } from './multipart-upload.ts'
import { statusOf, toStorageError } from './storage-error.ts'

export type StorageSettings = Pick<
  Environment,
  | 'S3_ENDPOINT'
  | 'S3_PUBLIC_ENDPOINT'
  | 'S3_BUCKET'
  | 'S3_REGION'
  | 'S3_ACCESS_KEY_ID'
  | 'S3_SECRET_ACCESS_KEY'
>

/** ASCII names and values: they travel as HTTP headers. */
export type ObjectMetadata = Readonly<Record<string, string>>

export interface UploadOptions {
  contentType: string
  metadata?: ObjectMetadata
  signal?: AbortSignal
  /** Called when the storage has accepted another part (5 MB). */
  onPart?: () => void
}

export interface StoredObject {
  sizeBytes: number
  /** Without quotes. */
  etag: string
  metadata: ObjectMetadata
}

/** Every method throws StorageError, or the signal's reason when aborted. */
export interface Storage {
  /**
   * Streams a body of unknown length into an object. When it fails or is aborted, neither an object nor an unfinished
   * upload remains. An error of the body itself is thrown unchanged.
   */
  upload(key: string, body: Readable, options: UploadOptions): Promise<{ sizeBytes: number; etag: string }>
  /** Returns null when there is no such object. */
  head(key: string): Promise<StoredObject | null>
  read(key: string, options?: { signal?: AbortSignal }): Promise<Readable>
  /** Server-side; replaces content type and metadata. Objects up to 5 GiB. An aborted copy may still be made. */
  copy(
    from: string,
    to: string,
    options: { contentType: string; metadata?: ObjectMetadata; signal?: AbortSignal },
  ): Promise<void>
  /** Missing keys are no error. */
  remove(keys: readonly string[]): Promise<void>
  list(prefix: string): Promise<string[]>
  /** Keys of uploads that were begun but neither finished nor aborted; a key may occur several times. */
  listUnfinishedUploads(prefix: string): Promise<string[]>
  /** Aborts unfinished uploads and frees their parts. Returns the number of uploads. */
  abortUnfinishedUploads(prefix: string): Promise<number>
  /** A presigned GET that a browser saves under `fileName`. */
  downloadUrl(
    key: string,
    options: { fileName: string; contentType: string; expiresInSeconds: number },
  ): Promise<string>
  /** Creates the bucket when it is missing. */
  ensureBucket(): Promise<void>
  ping(): Promise<void>
  close(): void
}

const maxKeysPerDelete = 1000
const connectionTimeoutMs = 5_000
/** A socket that is silent for this long is closed; the SDK retries. */
const socketTimeoutMs = 30_000

export function createStorage(settings: StorageSettings): Storage {
  const bucket = settings.S3_BUCKET
  const createClient = (endpoint: string | undefined) =>
    new S3Client({
      region: settings.S3_REGION,
      credentials: { accessKeyId: settings.S3_ACCESS_KEY_ID, secretAccessKey: settings.S3_SECRET_ACCESS_KEY },
      // A storage with its own address rarely has a host name per bucket.
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: socketTimeoutMs },
      // Smaller chunks of a streamed body are refused by some storage servers.
      requestStreamBufferSize: 65_536,
    })
  const client = createClient(settings.S3_ENDPOINT)
  const browserClient = createClient(settings.S3_PUBLIC_ENDPOINT ?? settings.S3_ENDPOINT)

  return {
    async upload(key, body, { contentType, metadata, signal, onPart }) {
      let sizeBytes = 0
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sizeBytes += chunk.length
          done(null, chunk)
        },
      })
      pipeline(body, counted, () => {})
      const params = { Bucket: bucket, Key: key, ContentType: contentType, Metadata: metadata }
      const etag = await multipartUpload({ client, params, body: counted, signal, onPart })
      return { sizeBytes, etag: unquoted(etag) }
    },

    async head(key) {
      try {
        const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
        return {
          sizeBytes: found.ContentLength ?? 0,
          etag: unquoted(found.ETag),
          metadata: found.Metadata ?? {},
        }
      } catch (error) {
        if (statusOf(error) === 404) return null
        throw toStorageError(error, `look at ${key}`)
      }
    },

    async read(key, { signal } = {}) {
      try {
        const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
          abortSignal: signal,
        })
        if (!(found.Body instanceof Readable)) throw new Error('the answer has no body')
        return found.Body
      } catch (error) {
        if (signal?.aborted) throw signal.reason
        throw toStorageError(error, `read ${key}`)
      }
    },

    async copy(from, to, { contentType, metadata, signal }) {
      const command = new CopyObjectCommand({
        Bucket: bucket,
        Key: to,
        CopySource: [bucket, ...from.split('/')].map(encodeURIComponent).join('/'),
        MetadataDirective: 'REPLACE',
        ContentType: contentType,
        Metadata: metadata,
      })
      try {
        await client.send(command, { abortSignal: signal })
      } catch (error) {
        if (signal?.aborted) throw signal.reason
        throw toStorageError(error, `copy ${from} to ${to}`)
      }
    },

    async remove(keys) {
      for (let start = 0; start < keys.length; start += maxKeysPerDelete) {
        const batch = keys.slice(start, start + maxKeysPerDelete)
        const answer = await client
          .send(
            new DeleteObjectsCommand({
              Bucket: bucket,
              Delete: { Objects: batch.map((key) => ({ Key: key })), Quiet: true },
            }),
          )
          .catch(rethrow(`remove ${batch[0]}`))
        const refused = answer.Errors?.find((error) => error.Code !== 'NoSuchKey')
        if (refused)
          throw toStorageError(new Error(`${refused.Code}: ${refused.Message}`), `remove ${refused.Key}`)
      }
    },

    async list(prefix) {
      const keys: string[] = []
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
          for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key)
        }
      } catch (error) {
        throw toStorageError(error, `list ${prefix}`)
      }
      return keys
    },

    async listUnfinishedUploads(prefix) {
      const keys: string[] = []
      try {
        for await (const { Key } of unfinishedUploads(client, bucket, prefix)) {
          if (Key !== undefined) keys.push(Key)
        }
      } catch (error) {
        throw toStorageError(error, `list unfinished uploads under ${prefix}`)
      }
      return keys
    },

    async abortUnfinishedUploads(prefix) {
      let aborted = 0
      try {
        for await (const { Key, UploadId } of unfinishedUploads(client, bucket, prefix)) {
          await client
            .send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }))
            .catch((error: unknown) => {
              if (statusOf(error) !== 404) throw error
            })
          aborted++
        }
      } catch (error) {
        throw toStorageError(error, `abort unfinished uploads under ${prefix}`)
      }
      return aborted
    },

    downloadUrl(key, { fileName, contentType, expiresInSeconds }) {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ResponseContentDisposition: contentDisposition(fileName),
        ResponseContentType: contentType,
      })
      return getSignedUrl(browserClient, command, { expiresIn: expiresInSeconds }).catch(
        rethrow(`sign ${key}`),
      )
    },

    async ensureBucket() {
      try {
        await client.send(new HeadBucketCommand({ Bucket: bucket }))
        return
      } catch (error) {
        if (statusOf(error) !== 404) throw toStorageError(error, `look at bucket ${bucket}`)
      }
      await createBucket(client, bucket, settings.S3_REGION).catch(rethrow(`create bucket ${bucket}`))
    },

    async ping() {
      await client.send(new HeadBucketCommand({ Bucket: bucket })).catch(rethrow(`look at bucket ${bucket}`))
    },

    close() {
      client.destroy()
      browserClient.destroy()
    },
  }
}

async function* unfinishedUploads(client: S3Client, bucket: string, prefix: string) {
  for (let keyMarker: string | undefined, idMarker: string | undefined; ;) {
    const page = await client.send(
      new ListMultipartUploadsCommand({
        Bucket: bucket,
        Prefix: prefix,
        KeyMarker: keyMarker,
        UploadIdMarker: idMarker,
      }),
    )
    yield* page.Uploads ?? []
    if (page.IsTruncated !== true) return
    keyMarker = page.NextKeyMarker
    idMarker = page.NextUploadIdMarker
  }
}

async function createBucket(client: S3Client, bucket: string, region: string): Promise<void> {
  const isDefaultRegion = region === 'us-east-1'
  try {
    await client.send(
      new CreateBucketCommand({
        Bucket: bucket,
        ...(isDefaultRegion
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } }),
      }),
    )
  } catch (error) {
    // Another process has just created it.
    if (error instanceof Error && error.name === 'BucketAlreadyOwnedByYou') return
    throw error
  }
  // A second safeguard besides the sweep, only on a bucket created here, since this call replaces all rules. A storage
  // without such rules answers 501, credentials without the right 403; the sweep cleans up anyway.
  const rule = {
    ID: 'abort-unfinished-uploads',
    Status: 'Enabled' as const,
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
  }
  await client
    .send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: bucket,
        LifecycleConfiguration: { Rules: [rule] },
      }),
    )
    .catch(() => {})
}

function rethrow(action: string): (error: unknown) => never {
  return (error) => {
    throw toStorageError(error, action)
  }
}

function unquoted(etag: string | undefined): string {
  return (etag ?? '').replace(/^"|"$/g, '')
}

/**
 * `attachment` with the file's name for old and new browsers: an ASCII fallback and the exact name (RFC 6266, in the
 * encoding of RFC 5987).
 */
export function contentDisposition(fileName: string): string {
  const ascii = fileName
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const exact = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${exact}`
}
