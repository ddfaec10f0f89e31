import { Readable } from 'node:stream'
import type { Connection, Submittable } from 'pg'

const chunkBytes = 64 * 1024
/** How much may wait for the writer before the socket is paused. */
const pendingBytes = 4 * chunkBytes

/**
 * `COPY … TO STDOUT` as a stream whose chunks always hold whole rows.
 *
 * The protocol sends one CopyData message per row, so a reader need not look for row ends across chunks.
 * Rows are gathered into chunks of up to 64 KB (a longer row is a chunk of its own) and handed on when the
 * socket has nothing more to read, so a slow query's rows do not wait for the chunk to fill. When the reader
 * falls behind, the socket is paused and the database waits.
 *
 * It plugs into `pg` as its cursor does: an object with `submit` and one method per protocol message.
 */
export class CopyOutQuery extends Readable implements Submittable {
  /** Rows the database says it sent (COPY's command tag); known once the stream has ended. */
  rowCount: number | undefined
  readonly #text: string
  #connection: Connection | undefined
  #gathered: Buffer = Buffer.allocUnsafe(0)
  #length = 0
  #flushScheduled = false

  constructor(text: string) {
    super({ highWaterMark: pendingBytes })
    this.#text = text
  }

  submit(connection: Connection): void {
    this.#connection = connection
    connection.query(this.#text)
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
    // A paused socket would never deliver the end of the query, nor notice that the peer is gone.
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
