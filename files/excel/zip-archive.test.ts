import JSZip from 'jszip'
import { describe, expect, it } from 'vitest'
import { ZipArchive } from './zip-archive.ts'

async function* piecesOf(count: number, bytes: number): AsyncGenerator<Buffer> {
  for (let index = 0; index < count; index++) yield await Promise.resolve(Buffer.alloc(bytes, index))
}

async function archiveOf(
  write: (zip: ZipArchive) => Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<Buffer> {
  const zip = new ZipArchive(new Date('2026-11-22T10:20:30Z'))
  return Buffer.concat([await collected(write(zip)), ...zip.end()])
}

async function collected(pieces: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of pieces) parts.push(part)
  return Buffer.concat(parts)
}

describe('zip archive', () => {
  it('holds streamed and small files under their names, dated', async () => {
    const bytes = await archiveOf(async function* (zip) {
      yield* zip.file('réglages.xml', Buffer.from('<a/>'))
      yield* zip.stream('xl/big.bin', piecesOf(40, 100_000))
      yield* zip.stream('empty.xml', piecesOf(0, 0))
    })
    const read = await JSZip.loadAsync(bytes, { checkCRC32: true })
    expect(Object.keys(read.files)).toEqual(['réglages.xml', 'xl/big.bin', 'empty.xml'])
    expect(await read.file('réglages.xml')?.async('string')).toBe('<a/>')
    const big = await read.file('xl/big.bin')?.async('nodebuffer')
    expect(big?.equals(await collected(piecesOf(40, 100_000)))).toBe(true)
    expect(read.file('xl/big.bin')?.date.toISOString()).toBe('2026-11-22T10:20:30.000Z')
  })

  it('passes on a failure of the content', async () => {
    const failing = async function* () {
      yield await Promise.resolve(Buffer.alloc(10))
      throw new Error('the source died')
    }
    await expect(archiveOf((zip) => zip.stream('a', failing()))).rejects.toThrow('the source died')
  })

  it('lets the content clean up when its reader stops early', async () => {
    const closed = Promise.withResolvers<void>()
    const endless = async function* () {
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(100_000, Math.random().toString()))
      } finally {
        closed.resolve()
      }
    }
    for await (const part of new ZipArchive(new Date()).stream('a', endless())) {
      if (part.length > 1000) break
    }
    await closed.promise
  })
})
