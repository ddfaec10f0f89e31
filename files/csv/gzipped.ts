import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/**
 * The chunks compressed. Its header names neither a file nor a time, so that the same rows make the same bytes. A
 * failure of the chunks is thrown here, and leaving early returns from them.
 */
export async function* gzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const zip = createGzip()
  const pumping = pipeline(Readable.from(chunks, { objectMode: false }), zip)
  // Thrown below, where it is awaited.
  pumping.catch(() => {})
  try {
    for await (const part of zip) yield part as Buffer
    await pumping
  } finally {
    zip.destroy()
    await pumping.catch(() => {})
  }
}
