import { pipeline, Readable } from 'node:stream'
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'

const signatures = { local: 0x04034b50, descriptor: 0x08074b50, central: 0x02014b50, end: 0x06054b50 }
const deflated = 8
const utf8Names = 0x0800
const sizesFollow = 0x0008
/** The maximum of 32-bit sizes. Excel opens no larger file, so zip64 is not used. */
const maxBytes = 0xffff_fffe
/** Level 1: with level 6 a file is 14 % smaller and takes 28 % longer. */
const level = 1
const pendingBytes = 512 * 1024

interface Entry {
  name: Buffer
  flags: number
  crc: number
  compressedBytes: number
  bytes: number
  offset: number
}

/** The archive exceeds 4 GiB: no spreadsheet program could open it. */
export class ArchiveTooLargeError extends Error {
  override readonly name = 'ArchiveTooLargeError'
}

/**
 * Writes a zip archive sequentially, without buffering it and with back-pressure; CRC-32 and deflate are zlib's own.
 * See docs/decisions/0021. Format: PKWARE APPNOTE 6.3.3, sections 4.3 to 4.4.
 */
export class ZipArchive {
  readonly #entries: Entry[] = []
  readonly #time: number
  readonly #date: number
  #offset = 0

  constructor(modified: Date) {
    this.#time =
      (modified.getUTCHours() << 11) | (modified.getUTCMinutes() << 5) | (modified.getUTCSeconds() >> 1)
    this.#date =
      ((modified.getUTCFullYear() - 1980) << 9) | ((modified.getUTCMonth() + 1) << 5) | modified.getUTCDate()
  }

  /** A small file, written at once. */
  *file(path: string, content: Uint8Array): Generator<Buffer> {
    const body = deflateRawSync(content, { level })
    const entry = this.#open(path, 0)
    Object.assign(entry, { crc: crc32(content), compressedBytes: body.length, bytes: content.length })
    yield this.#count(this.#localHeader(entry))
    yield this.#count(body)
  }

  /** A file of any length below 4 GiB, streamed; its sizes follow its content. */
  async *stream(path: string, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const entry = this.#open(path, sizesFollow)
    yield this.#count(this.#localHeader(entry))
    const measured = async function* () {
      for await (const chunk of content) {
        entry.crc = crc32(chunk, entry.crc)
        entry.bytes += chunk.length
        if (entry.bytes > maxBytes) throw new ArchiveTooLargeError(`${path} is larger than 4 GiB`)
        yield chunk
      }
    }
    // zlib works in its own thread: the next rows are rendered while these are compressed.
    const ahead = Readable.from(measured(), { objectMode: false, highWaterMark: pendingBytes })
    const deflate = pipeline(ahead, createDeflateRaw({ level, chunkSize: 128 * 1024 }), () => {})
    for await (const chunk of deflate) {
      entry.compressedBytes += chunk.length
      yield this.#count(chunk as Buffer)
    }
    const descriptor = Buffer.alloc(16)
    descriptor.writeUInt32LE(signatures.descriptor, 0)
    writeSizes(descriptor, 4, entry)
    yield this.#count(descriptor)
  }

  /** The central directory; nothing may follow it. */
  *end(): Generator<Buffer> {
    const start = this.#offset
    for (const entry of this.#entries) yield this.#count(this.#centralHeader(entry))
    const end = Buffer.alloc(22)
    end.writeUInt32LE(signatures.end, 0)
    end.writeUInt16LE(this.#entries.length, 8)
    end.writeUInt16LE(this.#entries.length, 10)
    end.writeUInt32LE(this.#offset - start, 12)
    end.writeUInt32LE(start, 16)
    yield this.#count(end)
  }

  #open(path: string, flags: number): Entry {
    const entry = {
      name: Buffer.from(path),
      flags: flags | utf8Names,
      crc: 0,
      compressedBytes: 0,
      bytes: 0,
      offset: this.#offset,
    }
    this.#entries.push(entry)
    return entry
  }

  #count(chunk: Buffer): Buffer {
    this.#offset += chunk.length
    if (this.#offset > maxBytes) throw new ArchiveTooLargeError('The file is larger than 4 GiB')
    return chunk
  }

  #localHeader(entry: Entry): Buffer {
    const header = Buffer.alloc(30)
    header.writeUInt32LE(signatures.local, 0)
    this.#writeCommon(header, 4, entry)
    header.writeUInt16LE(entry.name.length, 26)
    return Buffer.concat([header, entry.name])
  }

  #centralHeader(entry: Entry): Buffer {
    const header = Buffer.alloc(46)
    header.writeUInt32LE(signatures.central, 0)
    header.writeUInt16LE(20, 4)
    this.#writeCommon(header, 6, entry)
    header.writeUInt16LE(entry.name.length, 28)
    header.writeUInt32LE(entry.offset, 42)
    return Buffer.concat([header, entry.name])
  }

  #writeCommon(header: Buffer, at: number, entry: Entry): void {
    header.writeUInt16LE(20, at)
    header.writeUInt16LE(entry.flags, at + 2)
    header.writeUInt16LE(deflated, at + 4)
    header.writeUInt16LE(this.#time, at + 6)
    header.writeUInt16LE(this.#date, at + 8)
    writeSizes(header, at + 10, entry)
  }
}

function writeSizes(header: Buffer, at: number, entry: Entry): void {
  header.writeUInt32LE(entry.crc, at)
  header.writeUInt32LE(entry.compressedBytes, at + 4)
  header.writeUInt32LE(entry.bytes, at + 8)
}
