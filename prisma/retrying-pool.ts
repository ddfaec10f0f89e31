import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseError, Pool, type PoolClient, type PoolConfig } from 'pg'

const minWaitMs = 250
const maxWaitMs = 2_000
/** The server is starting, stopping, crashed or full: it may accept a connection soon. */
const transientStates = ['57P01', '57P02', '57P03', '53300']

/**
 * A pool that waits for a server that is being restarted. Only connecting is retried, since nothing has been executed
 * yet. A statement whose connection was lost still fails: the server may have executed it.
 */
export class RetryingPool extends Pool {
  readonly #connectTimeoutMs: number
  /** Errors of connections that broke before their first query. */
  readonly #ends = new WeakMap<PoolClient, Error>()

  /** @param connectTimeoutMs how long connecting is retried; the last error is then thrown. */
  constructor(config: PoolConfig, connectTimeoutMs: number) {
    super(config)
    this.#connectTimeoutMs = connectTimeoutMs
    // A connection may also break between its checkout and its first query, when nothing else listens to it. An error
    // event without a listener would end the process.
    this.on('connect', (client) => client.on('error', (error) => this.#ends.set(client, error)))
  }

  override connect(): Promise<PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    const connected = this.#connectWithRetry()
    if (!callback) return connected
    connected.then(
      (client) => callback(undefined, client, client.release),
      (error: Error) => callback(error, undefined, () => {}),
    )
  }

  async #connectWithRetry(): Promise<PoolClient> {
    const deadline = Date.now() + this.#connectTimeoutMs
    for (let waitMs = minWaitMs; ; waitMs = Math.min(waitMs * 2, maxWaitMs)) {
      try {
        const client = await super.connect()
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

type ConnectCallback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (error?: boolean | Error) => void,
) => void

/** The server cannot be reached, or not yet. A refusal (wrong password, unknown database) is permanent. */
function isTransient(error: unknown): boolean {
  return !(error instanceof DatabaseError) || transientStates.includes(error.code ?? '')
}
