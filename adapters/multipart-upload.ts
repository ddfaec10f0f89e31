import type { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
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
/** How long cleaning up may take after a failure; what it leaves, `abortUnfinishedUploads` removes. */
const cleanupTimeoutMs = 10_000

/**
 * Uploads a stream of unknown length in parts, at most 20 MB of it in memory.
 *
 * lib-storage's own `abort()` rejects before anything is cleaned up and lets parts in flight go on, and a part
 * that fails does not stop the others. So one signal of ours ends every request in flight, on abort and on the
 * first failure alike, the body is destroyed, and the promise settles only after the multipart upload has been
 * aborted at the storage.
 * @returns the entity tag. Rejects with the first failure: the body's own error, a StorageError, the signal's reason.
 */
export async function multipartUpload(input: MultipartUploadInput): Promise<string | undefined> {
  const { client, params, body, signal, onPart } = input
  const stop = new AbortController()
  let failure: { error: unknown } | undefined
  const fail = (error: unknown) => {
    failure ??= { error }
    stop.abort()
    body.destroy(error instanceof Error ? error : new Error(String(error)))
  }
  const failOfStorage = (error: unknown) => fail(toStorageError(error, `upload ${params.Key}`))
  const onAbort = () => fail(signal?.reason)
  const onBodyError = (error: Error) => fail(error)
  body.on('error', onBodyError)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    if (signal?.aborted) throw (failure ??= { error: signal.reason }).error
    const upload = new Upload({
      client: interruptible(client, stop.signal, failOfStorage),
      params: { ...params, Body: body },
      partSize: partBytes,
      queueSize: partsAtOnce,
    })
    if (onPart) upload.on('httpUploadProgress', onPart)
    const result = await upload.done()
    return result.ETag
  } catch (error) {
    failOfStorage(error)
    throw failure?.error
  } finally {
    signal?.removeEventListener('abort', onAbort)
    // A destroyed stream may still report; nobody else listens.
    body.on('error', () => {})
    body.removeListener('error', onBodyError)
  }
}

type Send = (command: Parameters<S3Client['send']>[0]) => Promise<unknown>

/** The client as lib-storage uses it (`send` and `config`), its requests ended by the signal. */
function interruptible(client: S3Client, signal: AbortSignal, onFailure: (error: unknown) => void): S3Client {
  const send: Send = async (command) => {
    if (command instanceof AbortMultipartUploadCommand) {
      return client.send(command, { abortSignal: AbortSignal.timeout(cleanupTimeoutMs) })
    }
    try {
      // Never interrupted: an upload opened without our learning its id could not be aborted.
      if (command instanceof CreateMultipartUploadCommand) return await client.send(command)
      return await client.send(command, { abortSignal: signal })
    } catch (error) {
      onFailure(error)
      throw error
    }
  }
  return Object.create(client, { send: { value: send } }) as S3Client
}
