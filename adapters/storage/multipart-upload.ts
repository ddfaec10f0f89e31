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
import { toStorageError } from './storage-error.ts'

export interface MultipartUploadInput {
  client: S3Client
  params: Omit<PutObjectCommandInput, 'Body'>
  body: Readable
  signal?: AbortSignal
  /** Called when the storage has taken a further part. */
  onPart?: () => void
}

const partBytes = 5 * 1024 * 1024
const partsAtOnce = 4
/** After a failure, how long requests in flight may take to end by themselves. */
const graceMs = 2_000
/** How long cleaning up may take after that; what it leaves, `abortUnfinishedUploads` removes. */
const cleanupTimeoutMs = 10_000

/**
 * Uploads a stream of unknown length in parts, at most 20 MB of it in memory.
 *
 * lib-storage's own `abort()` rejects before anything is cleaned up, and one part that fails does not stop the
 * others. Here the first failure, an abort too, destroys the body and lets no request begin. Those in flight may
 * end, since a storage that still works on a part may bring an aborted upload back; then lib-storage aborts the
 * upload, and only then the promise settles. Nothing is left but what an unreachable storage keeps.
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
      queueSize: partsAtOnce,
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
    // A destroyed stream may still report; nobody else listens.
    body.on('error', () => {})
    body.removeListener('error', onBodyError)
  }
}

/** The client as lib-storage uses it (`send` and `config`), its requests under our control. */
class UploadRequests {
  readonly client: S3Client
  /** The object may be there although the upload is to count as failed. */
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

  /** No request begins any more; those in flight have a while to end. */
  stop(): void {
    this.#grace ??= setTimeout(() => this.#cut.abort(), graceMs)
  }

  end(): void {
    clearTimeout(this.#grace)
  }
}
