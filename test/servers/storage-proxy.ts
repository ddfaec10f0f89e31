/**
 * An HTTP proxy in front of a real storage that refuses what some S3-compatible storages refuse. It passes the Host
 * header on unchanged, since the signature covers it.
 */

import { once } from 'node:events'
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StorageRequest {
  operation: StorageOperation
  /** Path and query. */
  url: string
  headers: IncomingMessage['headers']
}

export type StorageOperation =
  | 'AbortMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'CopyObject'
  | 'CreateMultipartUpload'
  | 'DeleteObject'
  | 'DeleteObjects'
  | 'GetObject'
  | 'HeadBucket'
  | 'HeadObject'
  | 'ListMultipartUploads'
  | 'ListObjectsV2'
  | 'PutObject'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'other'

interface Answer {
  status: number
  code: string
  message?: string
}

/** What the storage answers instead; undefined lets the request pass. Until a promise is settled it waits. */
export type StorageRefusal = (request: StorageRequest) => Answer | undefined | Promise<Answer | undefined>

export interface StorageProxy {
  /** `http://127.0.0.1:PORT` */
  address: string
  /** Every request, refused or not, oldest first. */
  requests: readonly StorageRequest[]
  count(operation: StorageOperation): number
  /** @returns takes the refusal back. */
  refuse(refusal: StorageRefusal): () => void
  /** Forgets requests and refusals. */
  reset(): void
  close(): Promise<void>
}

export async function startStorageProxy(target: string): Promise<StorageProxy> {
  const { hostname, port } = new URL(target)
  let requests: StorageRequest[] = []
  let refusals: StorageRefusal[] = []
  const server = createServer((incoming, outgoing) => void answerOrPass(incoming, outgoing))
  async function answerOrPass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = incoming.url ?? '/'
    const seen = { operation: operationOf(incoming), url, headers: incoming.headers }
    requests.push(seen)
    for (const refusal of refusals) {
      const answer = await refusal(seen)
      // The client has gone while it waited.
      if (outgoing.destroyed) return
      if (!answer) continue
      incoming.resume()
      incoming.once('end', () => {
        const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${answer.code}</Code><Message>${answer.message ?? answer.code}</Message></Error>`
        outgoing.writeHead(answer.status, { 'content-type': 'application/xml' })
        outgoing.end(incoming.method === 'HEAD' ? undefined : body)
      })
      return
    }
    const { method, headers } = incoming
    const passed = forward({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    incoming.on('error', () => passed.destroy())
    incoming.pipe(passed)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests
    },
    count: (operation) => requests.filter((one) => one.operation === operation).length,
    refuse(refusal) {
      refusals.push(refusal)
      return () => void (refusals = refusals.filter((other) => other !== refusal))
    },
    reset() {
      requests = []
      refusals = []
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Refuses these operations; 501 NotImplemented unless given. */
export function refuseOperations(
  operations: readonly StorageOperation[],
  answer: Answer = { status: 501, code: 'NotImplemented' },
): StorageRefusal {
  return ({ operation }) => (operations.includes(operation) ? answer : undefined)
}

/** Checksums in headers, trailers and presigned addresses, as of January 2025: unknown to storages of before. */
export const refuseChecksums: StorageRefusal = ({ headers, url }) => {
  const isTrailer = headers['x-amz-trailer'] !== undefined || headers['content-encoding'] === 'aws-chunked'
  if (isTrailer) return { status: 501, code: 'NotImplemented', message: 'A header implies no such function' }
  const names = [...Object.keys(headers), ...new URL(url, 'http://any').searchParams.keys()]
  const unknown = names.find((name) => /^x-amz-(sdk-)?checksum-/i.test(name))
  return unknown === undefined
    ? undefined
    : { status: 400, code: 'InvalidArgument', message: `Unsupported header '${unknown}'` }
}

/** 503 for two requests of three. */
export function slowDown(): StorageRefusal {
  let seen = 0
  return () => (seen++ % 3 === 2 ? undefined : { status: 503, code: 'SlowDown' })
}

function operationOf({ method = '', url = '/', headers }: IncomingMessage): StorageOperation {
  const { pathname, searchParams: query } = new URL(url, 'http://any')
  const isBucket = pathname.split('/').filter(Boolean).length < 2
  const isCopy = headers['x-amz-copy-source'] !== undefined
  const key = `${method} ${isBucket ? 'bucket' : 'object'}`
  switch (key) {
    case 'POST bucket':
      return query.has('delete') ? 'DeleteObjects' : 'other'
    case 'GET bucket':
      if (query.has('uploads')) return 'ListMultipartUploads'
      return query.has('list-type') ? 'ListObjectsV2' : 'other'
    case 'HEAD bucket':
      return 'HeadBucket'
    case 'POST object':
      return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload'
    case 'PUT object':
      if (query.has('partNumber')) return isCopy ? 'UploadPartCopy' : 'UploadPart'
      return isCopy ? 'CopyObject' : 'PutObject'
    case 'DELETE object':
      return query.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject'
    case 'GET object':
      return 'GetObject'
    case 'HEAD object':
      return 'HeadObject'
    default:
      return 'other'
  }
}
