import type { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { uploadPartMegabytes } from '#contract/limits.ts'
import { toStorageError } from './storage-error.ts'

export interface MultipartUploadInput {
  client: S3Client
  params: Omit<PutObjectCommandInput, 'Body'>
  body: Readable
  signal?: AbortSignal
  /** Called when the storage has accepted another part. */
  onPart?: () => void
}

export const partBytes = uploadPartMegabytes * 1024 * 1024
const maxConcurrentParts = 4
/** How long requests in flight may continue after a failure. */
const graceMs = 2_000
/** How long cleaning up may take after that; `abortUnfinishedUploads` removes what it leaves. */
const cleanupTimeoutMs = 10_000

/**
 * Uploads a stream of unknown length in parts, at most 20 MB of it in memory.
 *
 * lib-storage's own `abort()` rejects before anything is cleaned up, and one failed part does not stop the others.
 * Here the first failure or abort destroys the body and prevents further requests. Requests in flight may end, since a
 * storage that still works on a part may recreate an aborted upload; then lib-storage aborts the upload, and only then
 * the promise settles. Nothing remains, except on an unreachable storage.
 * @returns the entity tag. Rejects with the first failure: the body's own error, a StorageError, the signal's reason.
 */
export async function multipartUpload(input: MultipartUploadInput): Promise<string | undefined> {
  const { client, params, body, signal, onPart } = input
  const requests = new UploadRequests(client)
  let failure: { error: unknown } | undefined
  const fail = (error: unknown) => {
    failure ??= { error }
    requests.stop()
    body.destroy(error instanceof Error ? error : new Error(String(error)))
  }
  const failOfStorage = (error: unknown) => fail(toStorageError(error, `upload ${params.Key}`))
  requests.onFailure = failOfStorage
  const onAbort = () => fail(signal?.reason)
  const onBodyError = (error: Error) => fail(error)
  body.on('error', onBodyError)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    signal?.throwIfAborted()
    const upload = new Upload({
      client: requests.client,
      params: { ...params, Body: body },
      partSize: partBytes,
      queueSize: maxConcurrentParts,
    })
    if (onPart) upload.on('httpUploadProgress', onPart)
    const result = await upload.done()
    signal?.throwIfAborted()
    return result.ETag
  } catch (error) {
    if (signal?.aborted) fail(signal.reason)
    failOfStorage(error)
    if (requests.mayHaveCommitted) {
      const { Bucket, Key } = params
      const abortSignal = AbortSignal.timeout(cleanupTimeoutMs)
      await client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal }).catch(() => {})
    }
    throw failure?.error
  } finally {
    requests.end()
    signal?.removeEventListener('abort', onAbort)
    // A destroyed stream may still emit an error, and nothing else listens to it.
    body.on('error', () => {})
    body.removeListener('error', onBodyError)
  }
}

/** The client as lib-storage uses it (`send` and `config`), with its requests controlled here. */
class UploadRequests {
  readonly client: S3Client
  /** The object may exist although the upload counts as failed. */
  mayHaveCommitted = false
  onFailure: (error: unknown) => void = () => {}
  readonly #cut = new AbortController()
  #grace: NodeJS.Timeout | undefined

  constructor(client: S3Client) {
    const send = async (command: Parameters<S3Client['send']>[0]): Promise<unknown> => {
      if (command instanceof AbortMultipartUploadCommand) {
        return client.send(command, { abortSignal: AbortSignal.timeout(cleanupTimeoutMs) })
      }
      try {
        if (this.#grace) throw new Error('the upload has been stopped')
        this.mayHaveCommitted ||=
          command instanceof PutObjectCommand || command instanceof CompleteMultipartUploadCommand
        return await client.send(command, { abortSignal: this.#cut.signal })
      } catch (error) {
        this.onFailure(error)
        throw error
      }
    }
    this.client = Object.create(client, { send: { value: send } }) as S3Client
  }

  /** Prevents further requests; those in flight get `graceMs` to end. */
  stop(): void {
    this.#grace ??= setTimeout(() => this.#cut.abort(), graceMs)
  }

  end(): void {
    clearTimeout(this.#grace)
  }
}
