import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseError, type PoolClient } from 'pg'
import { ServerPool, type ServerPoolConfig } from '#adapters/postgres/server-pool.ts'

const minWaitMs = 250
const maxWaitMs = 2_000
/** The server is starting, stopping, crashed or full: it may accept a connection soon. */
const transientStates = ['57P01', '57P02', '57P03', '53300']

/**
 * A pool that waits for a server that is being restarted. Only connecting is retried, since nothing has been executed
 * yet. A statement whose connection was lost still fails: the server may have executed it.
 */
export class RetryingPool extends ServerPool {
  readonly #connectTimeoutMs: number
  /** Errors of connections that broke before their first query. */
  readonly #ends = new WeakMap<PoolClient, Error>()

  /** @param connectTimeoutMs how long connecting is retried; the last error is then thrown. */
  constructor(address: string, config: ServerPoolConfig, connectTimeoutMs: number) {
    super(address, config)
    this.#connectTimeoutMs = connectTimeoutMs
    // A connection may also break between its checkout and its first query, when nothing else listens to it. An error
    // event without a listener would end the process.
    this.on('connect', (client) => client.on('error', (error) => this.#ends.set(client, error)))
  }

  protected override async connectToServer(): Promise<PoolClient> {
    const deadline = Date.now() + this.#connectTimeoutMs
    for (let waitMs = minWaitMs; ; waitMs = Math.min(waitMs * 2, maxWaitMs)) {
      try {
        const client = await super.connectToServer()
        const end = this.#ends.get(client)
        if (!end) return client
        client.release(true)
        throw end
      } catch (error) {
        if (this.ending || !isTransient(error) || Date.now() + waitMs > deadline) throw error
        await delay(waitMs)
      }
    }
  }
}

/** The server cannot be reached, or not yet. A refusal (wrong password, unknown database) is permanent. */
function isTransient(error: unknown): boolean {
  return !(error instanceof DatabaseError) || transientStates.includes(error.code ?? '')
}
