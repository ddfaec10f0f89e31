/** Server-side copies of any size. */

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type CopyObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import pLimit from 'p-limit'

export interface CopyLimits {
  /** CopyObject takes objects up to this size: 5 GiB. */
  maxCopyBytes: number
  copyPartBytes: number
}

export const copyLimits: CopyLimits = {
  maxCopyBytes: 5 * 1024 ** 3,
  // The largest file, of 48.8 GiB, is 98 parts.
  copyPartBytes: 512 * 1024 ** 2,
}

const maxConcurrentParts = 4
/** A part that still arrives would bring an aborted upload back: those in flight may end within this time. */
const graceMs = 2_000
/** What this leaves, the sweep removes a day later. */
const cleanupTimeoutMs = 10_000

export interface CopyInput {
  client: S3Client
  bucket: string
  from: string
  sizeBytes: number
  /** The key and everything that is written with it. */
  target: Pick<
    CopyObjectCommandInput,
    'Key' | 'ContentType' | 'Metadata' | 'ServerSideEncryption' | 'SSEKMSKeyId' | 'StorageClass'
  >
  limits: CopyLimits
  signal?: AbortSignal
}

/** One request, or above `maxCopyBytes` one a part. One that fails leaves neither parts nor an object. */
export async function copyObject(input: CopyInput): Promise<void> {
  const { client, bucket, from, target, limits, signal } = input
  const CopySource = [bucket, ...from.split('/')].map(encodeURIComponent).join('/')
  if (input.sizeBytes > limits.maxCopyBytes) return copyInParts(input, CopySource)
  const command = new CopyObjectCommand({
    ...target,
    Bucket: bucket,
    Key: target.Key,
    CopySource,
    MetadataDirective: 'REPLACE',
  })
  await client.send(command, { abortSignal: signal })
}

async function copyInParts(
  { client, bucket, sizeBytes, target, limits, signal }: CopyInput,
  CopySource: string,
): Promise<void> {
  const at = { Bucket: bucket, Key: target.Key }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...target, ...at }), {
    abortSignal: signal,
  })
  const cut = new AbortController()
  let grace: NodeJS.Timeout | undefined
  const stop = () => {
    grace ??= setTimeout(() => cut.abort(), graceMs)
  }
  signal?.addEventListener('abort', stop, { once: true })
  const starts = Array.from(
    { length: Math.ceil(sizeBytes / limits.copyPartBytes) },
    (_, index) => index * limits.copyPartBytes,
  )
  const copyPart = async (start: number, index: number): Promise<CompletedPart> => {
    if (grace || signal?.aborted) throw new Error('the copy has been stopped')
    const last = Math.min(start + limits.copyPartBytes, sizeBytes) - 1
    const PartNumber = index + 1
    const command = new UploadPartCopyCommand({
      ...at,
      UploadId,
      PartNumber,
      CopySource,
      CopySourceRange: `bytes=${start}-${last}`,
    })
    try {
      const { CopyPartResult } = await client.send(command, { abortSignal: cut.signal })
      return { PartNumber, ETag: CopyPartResult?.ETag }
    } catch (error) {
      stop()
      throw error
    }
  }
  const copying = pLimit(maxConcurrentParts)
  const parts = starts.map((start, index) => copying(() => copyPart(start, index)))
  try {
    const Parts = await Promise.all(parts)
    const command = new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } })
    await client.send(command, { abortSignal: signal })
  } catch (error) {
    stop()
    await Promise.allSettled(parts)
    const cleanup = AbortSignal.timeout(cleanupTimeoutMs)
    await client
      .send(new AbortMultipartUploadCommand({ ...at, UploadId }), { abortSignal: cleanup })
      .catch(() => {})
    throw error
  } finally {
    clearTimeout(grace)
    signal?.removeEventListener('abort', stop)
  }
}
