import { Readable } from 'node:stream'
import type { Connection, Submittable } from 'pg'

const chunkBytes = 64 * 1024
/** How many bytes may wait for the writer before the socket is paused. */
const pendingBytes = 4 * chunkBytes

/**
 * `COPY … TO STDOUT` as a stream whose chunks always hold whole rows.
 *
 * The protocol sends one CopyData message per row, so a reader need not search row ends across chunks. Rows are
 * collected into chunks of up to 64 KB (a longer row is a separate chunk) and passed on when the socket has nothing
 * more to read, so that a slow query's rows do not wait until a chunk is full. When the reader is slower, the socket
 * is paused and the database waits.
 *
 * The query stands between COPY's parentheses, and a text with a parenthesis of its own could end them: `select 1) TO
 * PROGRAM '…' --` runs a program, which no read-only transaction forbids. So the query is parsed alone first, which
 * accepts one complete statement and nothing else, and COPY is sent by the extended protocol, which takes one
 * statement. All of it goes in one pipeline: after an error the database skips the rest.
 *
 * Used with `pg` like its cursor: an object with `submit` and one method per protocol message.
 */
export class CopyOutQuery extends Readable implements Submittable {
  /** The number of rows sent, from COPY's command tag; known once the stream has ended. */
  rowCount: number | undefined
  readonly #query: string
  #connection: Connection | undefined
  #gathered: Buffer = Buffer.allocUnsafe(0)
  #length = 0
  #flushScheduled = false

  constructor(query: string) {
    super({ highWaterMark: pendingBytes })
    this.#query = query
  }

  submit(connection: Connection): void {
    this.#connection = connection
    connection.stream.cork()
    try {
      connection.parse({ name: '', text: this.#query, types: [] }, true)
      // The line feed ends a comment that the query may end with.
      const copy = `COPY (${this.#query}\n) TO STDOUT (FORMAT text, ENCODING 'UTF8')`
      connection.parse({ name: '', text: copy, types: [] }, true)
      connection.bind({}, true)
      connection.execute({}, true)
      connection.sync()
    } finally {
      connection.stream.uncork()
    }
  }

  handleCopyData(message: { chunk: Buffer }): void {
    const row = message.chunk
    if (this.#length + row.length > this.#gathered.length) {
      this.#flush()
      this.#gathered = Buffer.allocUnsafeSlow(Math.max(chunkBytes, row.length))
    }
    row.copy(this.#gathered, this.#length)
    this.#length += row.length
    if (this.#flushScheduled) return
    this.#flushScheduled = true
    process.nextTick(() => {
      this.#flushScheduled = false
      this.#flush()
    })
  }

  handleCommandComplete(message: { text?: string }): void {
    const tag = /^COPY (\d+)$/.exec(message.text ?? '')?.[1]
    if (tag !== undefined) this.rowCount = Number(tag)
  }

  handleReadyForQuery(): void {
    this.#flush()
    this.push(null)
  }

  handleError(error: Error): void {
    this.destroy(error)
  }

  override _read(): void {
    this.#connection?.stream.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // A paused socket would deliver neither the end of the query nor the loss of the connection.
    this.#connection?.stream.resume()
    callback(error)
  }

  #flush(): void {
    if (this.#length === 0 || this.destroyed) return
    const more = this.push(this.#gathered.subarray(0, this.#length))
    this.#gathered = this.#gathered.subarray(this.#length)
    this.#length = 0
    if (!more) this.#connection?.stream.pause()
  }
}
