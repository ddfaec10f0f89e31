/**
 * Where finished files are kept: one bucket of any S3-compatible storage.
 */

import { pipeline, Readable, Transform } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  type S3Client,
  paginateListObjectsV2,
  ListMultipartUploadsCommand,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { maxUploadParts } from '#contract/limits.ts'
import { copyLimits, copyObject, type CopyLimits } from './copy-object.ts'
import { multipartUpload, partBytes } from './multipart-upload.ts'
import { createRemover } from './remove-objects.ts'
import { createStorageClient, writeParams, type StorageSettings } from './storage-client.ts'
import { StorageError, statusOf, toStorageError } from './storage-error.ts'

export type { StorageSettings } from './storage-client.ts'

/** ASCII names and values: they travel as HTTP headers. */
export type ObjectMetadata = Readonly<Record<string, string>>

export interface UploadOptions {
  contentType: string
  metadata?: ObjectMetadata
  signal?: AbortSignal
  /** Called when the storage has accepted another part (5 MB). */
  onPart?: () => void
  /** One byte more ends the upload with `too_large`; at most what 10,000 parts hold, which is also the default. */
  maxBytes?: number
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
  head(key: string, options?: { signal?: AbortSignal }): Promise<StoredObject | null>
  read(key: string, options?: { signal?: AbortSignal }): Promise<Readable>
  /**
   * Server-side, in parts above 5 GiB; where the storage has no copies, through this process. Replaces content type and
   * metadata. An aborted copy may still be made.
   */
  copy(
    from: string,
    to: string,
    options: {
      contentType: string
      metadata?: ObjectMetadata
      /** Of the source; asked for when not given. */
      sizeBytes?: number
      signal?: AbortSignal
    },
  ): Promise<void>
  /** Missing keys are no error. */
  remove(keys: readonly string[]): Promise<void>
  list(prefix: string): Promise<string[]>
  /**
   * Keys of uploads that were begun but neither finished nor aborted; a key may occur several times. None where the
   * storage cannot list them.
   */
  listUnfinishedUploads(prefix: string): Promise<string[]>
  /**
   * Aborts unfinished uploads, or those begun before a moment, and frees their parts. Returns the number of uploads.
   */
  abortUnfinishedUploads(prefix: string, options?: { begunBefore?: Date }): Promise<number>
  /**
   * A presigned GET that a browser saves under `fileName`. Signed with credentials that end sooner than asked for, it
   * expires with them.
   */
  downloadUrl(
    key: string,
    options: { fileName: string; contentType: string; expiresInSeconds: number },
  ): Promise<{ url: string; expiresInSeconds: number }>
  /** Creates the bucket when it is missing. */
  ensureBucket(): Promise<void>
  ping(): Promise<void>
  close(): void
}

export interface StorageLimits extends CopyLimits {
  /** Parts of 5 MB that one upload may have. */
  maxParts: number
}

/** A link for less time than this is worth nothing. */
const minLinkSeconds = 10

/** @param limits those of S3 unless given, for tests. */
export function createStorage(settings: StorageSettings, limits: Partial<StorageLimits> = {}): Storage {
  const bucket = settings.S3_BUCKET
  const client = createStorageClient(settings, settings.S3_ENDPOINT)
  const browserClient = createStorageClient(settings, settings.S3_PUBLIC_ENDPOINT ?? settings.S3_ENDPOINT)
  const removeKeys = createRemover(client, bucket)
  const written = writeParams(settings)
  const { maxParts = maxUploadParts, ...copied } = limits
  let hasCopies = true

  return {
    async upload(key, body, { contentType, metadata, signal, onPart, maxBytes = Infinity }) {
      const limitBytes = Math.min(maxBytes, maxParts * partBytes)
      let sizeBytes = 0
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sizeBytes += chunk.length
          if (sizeBytes > limitBytes) done(tooLarge(key, limitBytes))
          else done(null, chunk)
        },
      })
      pipeline(body, counted, () => {})
      const params = { Bucket: bucket, Key: key, ContentType: contentType, Metadata: metadata, ...written }
      const etag = await multipartUpload({ client, params, body: counted, signal, onPart })
      return { sizeBytes, etag: unquoted(etag) }
    },

    async head(key, { signal } = {}) {
      try {
        const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), {
          abortSignal: signal,
        })
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

    async copy(from, to, { contentType, metadata, sizeBytes, signal }) {
      const target = { Key: to, ContentType: contentType, Metadata: metadata, ...written }
      const size = sizeBytes ?? (await this.head(from, { signal }))?.sizeBytes
      if (size === undefined) throw new StorageError('missing', `The storage has no ${from} to copy`)
      if (hasCopies) {
        try {
          const copyOf = { client, bucket, from, sizeBytes: size, target, signal }
          return await copyObject({ ...copyOf, limits: { ...copyLimits, ...copied } })
        } catch (error) {
          if (signal?.aborted) throw signal.reason
          const failure = toStorageError(error, `copy ${from} to ${to}`)
          if (failure.kind !== 'unsupported') throw failure
        }
      }
      const body = await this.read(from, { signal })
      await this.upload(to, body, { contentType, metadata, signal })
      hasCopies = false
    },

    remove: (keys) => removeKeys(keys),

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
        const failure = toStorageError(error, `list unfinished uploads under ${prefix}`)
        if (failure.kind !== 'unsupported') throw failure
      }
      return keys
    },

    async abortUnfinishedUploads(prefix, { begunBefore } = {}) {
      let aborted = 0
      try {
        for await (const { Key, UploadId, Initiated } of unfinishedUploads(client, bucket, prefix)) {
          if (begunBefore && (!Initiated || Initiated >= begunBefore)) continue
          await client
            .send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }))
            .catch((error: unknown) => {
              if (statusOf(error) !== 404) throw error
            })
          aborted++
        }
      } catch (error) {
        const failure = toStorageError(error, `abort unfinished uploads under ${prefix}`)
        if (failure.kind !== 'unsupported') throw failure
      }
      return aborted
    },

    async downloadUrl(key, { fileName, contentType, expiresInSeconds }) {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ResponseContentDisposition: contentDisposition(fileName),
        ResponseContentType: contentType,
      })
      try {
        const { expiration } = await browserClient.config.credentials()
        const left = expiration ? Math.floor((expiration.getTime() - Date.now()) / 1000) : Infinity
        const expiresIn = Math.min(expiresInSeconds, left)
        if (expiresIn < minLinkSeconds) {
          throw new StorageError(
            'no_credentials',
            `The storage’s credentials end in ${left} s: no link to ${key}`,
          )
        }
        const url = await getSignedUrl(browserClient, command, { expiresIn })
        return { url, expiresInSeconds: expiresIn }
      } catch (error) {
        throw toStorageError(error, `sign ${key}`)
      }
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

function tooLarge(key: string, limitBytes: number): StorageError {
  return new StorageError('too_large', `${key} is larger than ${limitBytes} bytes`)
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
