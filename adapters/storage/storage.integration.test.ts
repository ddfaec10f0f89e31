import { createHash, randomBytes } from 'node:crypto'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestBucket, type TestBucket } from '#test/servers/bucket.ts'
import { StorageError } from './storage-error.ts'
import { createStorage, type Storage } from './storage.ts'

const megabyte = 1024 * 1024
let settings: TestBucket
let storage: Storage
let client: S3Client
const cleanups: (() => void)[] = []

beforeAll(async () => {
  settings = await createTestBucket()
  storage = createStorage(settings)
  client = new S3Client({
    endpoint: settings.S3_ENDPOINT,
    region: settings.S3_REGION,
    forcePathStyle: true,
    credentials: { accessKeyId: settings.S3_ACCESS_KEY_ID, secretAccessKey: settings.S3_SECRET_ACCESS_KEY },
  })
})

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

afterAll(() => {
  storage.close()
  client.destroy()
})

async function unfinishedUploads(): Promise<number> {
  const answer = await client.send(new ListMultipartUploadsCommand({ Bucket: settings.S3_BUCKET }))
  return answer.Uploads?.length ?? 0
}

/** A body of random pieces; calls back before each, and can fail or stall after some. */
function body(
  pieces: number,
  { before, after }: { before?: (index: number) => void; after?: () => Promise<void> } = {},
): Readable {
  const generate = async function* () {
    for (let index = 0; index < pieces; index++) {
      before?.(index)
      yield randomBytes(megabyte)
    }
    await after?.()
  }
  return Readable.from(generate(), { objectMode: false })
}

async function textOf(stream: Readable): Promise<string> {
  return Buffer.concat(await stream.toArray()).toString()
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** A proxy to the storage that can be cut. */
async function cuttableStorage(): Promise<{ storage: Storage; server: Server; cut: () => void }> {
  const sockets = new Set<Socket>()
  const target = new URL(settings.S3_ENDPOINT)
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname)
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    incoming.pipe(outgoing).pipe(incoming)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  cleanups.push(cut)
  const { port } = server.address() as AddressInfo
  const through = createStorage({ ...settings, S3_ENDPOINT: `http://127.0.0.1:${port}` })
  cleanups.push(() => through.close())
  return { storage: through, server, cut }
}

describe('upload', () => {
  it.each([0, 1, 12])('stores %i MB exactly', async (megabytes) => {
    const hash = createHash('sha256')
    const pieces = Array.from({ length: megabytes }, () => randomBytes(megabyte))
    for (const piece of pieces) hash.update(piece)
    let parts = 0
    const uploaded = await storage.upload(
      `exact/${megabytes}.bin`,
      Readable.from(pieces, { objectMode: false }),
      {
        contentType: 'text/csv; charset=utf-8',
        metadata: { rows: '12' },
        onPart: () => parts++,
      },
    )
    expect(uploaded.sizeBytes).toBe(megabytes * megabyte)
    expect(parts).toBeGreaterThan(0)
    const found = await storage.head(`exact/${megabytes}.bin`)
    expect(found).toEqual({ ...uploaded, metadata: { rows: '12' } })
    const read = createHash('sha256')
    for await (const chunk of await storage.read(`exact/${megabytes}.bin`)) read.update(chunk as Buffer)
    expect(read.digest('hex')).toBe(hash.digest('hex'))
  })

  it('leaves nothing when it is aborted with parts in flight', async () => {
    const stop = new AbortController()
    const source = body(1000, { before: (index) => index === 23 && stop.abort(new Error('cancelled')) })
    const error = await errorOf(
      storage.upload('aborted.bin', source, { contentType: 'text/csv', signal: stop.signal }),
    )
    expect(error).toBe(stop.signal.reason)
    expect(await unfinishedUploads()).toBe(0)
    expect(await storage.head('aborted.bin')).toBeNull()
    expect(source.destroyed).toBe(true)
  })

  it('leaves nothing when it is aborted while it waits for its body', async () => {
    const stop = new AbortController()
    const waiting = Promise.withResolvers<void>()
    const source = body(7, {
      after: () => {
        waiting.resolve()
        return new Promise(() => {})
      },
    })
    const uploading = errorOf(
      storage.upload('waiting.bin', source, { contentType: 'text/csv', signal: stop.signal }),
    )
    await waiting.promise
    await expect.poll(unfinishedUploads).toBe(1)
    stop.abort(new Error('cancelled'))
    expect(await uploading).toBe(stop.signal.reason)
    expect(await unfinishedUploads()).toBe(0)
  })

  it('does not begin when it is already aborted', async () => {
    const signal = AbortSignal.abort(new Error('too late'))
    const error = await errorOf(storage.upload('never.bin', body(1), { contentType: 'text/csv', signal }))
    expect(error).toBe(signal.reason)
    expect(await storage.head('never.bin')).toBeNull()
  })

  it.each([0, 3, 17])('throws the body’s own error after %i MB and leaves nothing', async (megabytes) => {
    const failure = new Error('the source died')
    const source = body(megabytes, { after: () => Promise.reject(failure) })
    expect(await errorOf(storage.upload('torn.bin', source, { contentType: 'text/csv' }))).toBe(failure)
    expect(await unfinishedUploads()).toBe(0)
    expect(await storage.head('torn.bin')).toBeNull()
  })

  it('fails with a StorageError when the storage goes away, and stops its body', async () => {
    const { storage: through, cut } = await cuttableStorage()
    const source = body(1000, { before: (index) => index === 25 && cut() })
    const error = await errorOf(through.upload('lost.bin', source, { contentType: 'text/csv' }))
    expect(error).toBeInstanceOf(StorageError)
    expect(error).toMatchObject({ kind: 'unavailable' })
    expect((error as StorageError).cause).toBeInstanceOf(Error)
    expect(source.destroyed).toBe(true)
    // An unreachable storage cannot be cleaned up, so this removes the rest later.
    await storage.abortUnfinishedUploads('lost.bin')
    expect(await unfinishedUploads()).toBe(0)
  })
})

describe('objects', () => {
  it('are copied with new metadata, listed and removed', async () => {
    await storage.upload('staging/7/é a+b.csv', Readable.from(['contenu']), { contentType: 'text/plain' })
    await storage.copy('staging/7/é a+b.csv', 'reports/2026/11/7/file.csv', {
      contentType: 'text/csv; charset=utf-8',
      metadata: { number: '7' },
    })
    expect((await storage.head('reports/2026/11/7/file.csv'))?.metadata).toEqual({ number: '7' })
    expect(await textOf(await storage.read('reports/2026/11/7/file.csv'))).toBe('contenu')
    expect(await storage.list('staging/7/')).toEqual(['staging/7/é a+b.csv'])
    await storage.remove(['staging/7/é a+b.csv', 'staging/7/never-there.csv'])
    expect(await storage.list('staging/7/')).toEqual([])
    await storage.remove([])
  })

  it('that are missing return null on head and an error on read or copy', async () => {
    expect(await storage.head('nowhere')).toBeNull()
    const missing = { name: 'StorageError', kind: 'missing' }
    expect(await errorOf(storage.read('nowhere'))).toMatchObject(missing)
    expect(await errorOf(storage.copy('nowhere', 'x', { contentType: 'a/b' }))).toMatchObject(missing)
  })

  it('are refused with wrong credentials', async () => {
    const stranger = createStorage({ ...settings, S3_SECRET_ACCESS_KEY: 'wrong-secret' })
    cleanups.push(() => stranger.close())
    const upload = stranger.upload('x', Readable.from(['x']), { contentType: 'text/csv' })
    expect(await errorOf(upload)).toMatchObject({ name: 'StorageError', kind: 'rejected', status: 403 })
    await expect(stranger.ping()).rejects.toMatchObject({ kind: 'rejected' })
  })

  it('lose the parts of unfinished uploads', async () => {
    for (const key of ['staging/1/a', 'staging/1/b', 'staging/2/c']) {
      await client.send(new CreateMultipartUploadCommand({ Bucket: settings.S3_BUCKET, Key: key }))
    }
    expect(await storage.abortUnfinishedUploads('staging/1/')).toBe(2)
    expect(await unfinishedUploads()).toBe(1)
    expect(await storage.abortUnfinishedUploads('')).toBe(1)
  })
})

describe('download URL', () => {
  it('serves the file under its own name without credentials, and refuses an altered URL', async () => {
    await storage.upload('reports/file.csv', Readable.from(['é']), { contentType: 'text/csv' })
    const { url } = await storage.downloadUrl('reports/file.csv', {
      fileName: 'Élèves « 2026 ».csv',
      contentType: 'text/csv; charset=utf-8',
      expiresInSeconds: 300,
    })
    const answer = await fetch(url)
    expect(await answer.text()).toBe('é')
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="Eleves _ 2026 _.csv"; filename*=UTF-8''%C3%89l%C3%A8ves%20%C2%AB%202026%20%C2%BB.csv`,
    )
    expect((await fetch(url.replace('X-Amz-Expires=300', 'X-Amz-Expires=3000'))).status).toBe(403)
    expect((await fetch(url.replace('file.csv', 'other.csv'))).status).toBe(403)
  })

  it('names the address that a browser reaches', async () => {
    const behindProxy = createStorage({ ...settings, S3_PUBLIC_ENDPOINT: 'https://files.example.test' })
    cleanups.push(() => behindProxy.close())
    const { url } = await behindProxy.downloadUrl('a.csv', {
      fileName: 'a.csv',
      contentType: 'text/csv',
      expiresInSeconds: 60,
    })
    expect(new URL(url).origin).toBe('https://files.example.test')
    expect(new URL(url).pathname).toBe(`/${settings.S3_BUCKET}/a.csv`)
  })
})

describe('bucket', () => {
  it('is created when it is missing, also by two processes at once', async () => {
    const fresh = createStorage({ ...settings, S3_BUCKET: `${settings.S3_BUCKET}-fresh` })
    cleanups.push(() => fresh.close())
    await expect(fresh.ping()).rejects.toMatchObject({ kind: 'missing' })
    await Promise.all([fresh.ensureBucket(), fresh.ensureBucket()])
    await fresh.ensureBucket()
    await fresh.ping()
  })
})
