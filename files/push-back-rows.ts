import { countRows } from './copy-text.ts'

/** Rows that can be peeked at before they are read, and pushed back in part when a sheet is full. */
export class PushBackRows {
  readonly #iterator: AsyncIterator<Buffer>
  readonly #waiting: Buffer[] = []

  constructor(rows: AsyncIterable<Buffer>) {
    this.#iterator = rows[Symbol.asyncIterator]()
  }

  async next(): Promise<Buffer | undefined> {
    return this.#waiting.shift() ?? (await this.#pull())
  }

  pushBack(rest: Buffer): void {
    if (rest.length > 0) this.#waiting.unshift(rest)
  }

  async hasMore(): Promise<boolean> {
    const chunk = await this.next()
    this.pushBack(chunk ?? Buffer.alloc(0))
    return chunk !== undefined
  }

  /** The first rows, without consuming them: this many rows or bytes, whichever come first, and what came with them. */
  async peek(rows: number, bytes: number): Promise<Buffer> {
    for (let [seenRows, seenBytes] = [0, 0]; seenRows < rows && seenBytes < bytes;) {
      const chunk = await this.#pull()
      if (!chunk) break
      this.#waiting.push(chunk)
      seenRows += countRows(chunk)
      seenBytes += chunk.length
    }
    return Buffer.concat(this.#waiting)
  }

  /** Releases the source's resources when the rows are not read to their end. */
  async close(): Promise<void> {
    await this.#iterator.return?.()
  }

  async #pull(): Promise<Buffer | undefined> {
    const result = await this.#iterator.next()
    return result.done === true ? undefined : result.value
  }
}
