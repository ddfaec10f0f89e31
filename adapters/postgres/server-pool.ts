import { DatabaseError, Pool, type PoolClient, type PoolConfig } from 'pg'
import { isTracing } from '../tracing/spans.ts'
import { traceQueries } from './trace-queries.ts'
import { createServerChoice, type ServerChoice } from './server-choice.ts'

/** The rest of a pool's options: where and how it connects are the address's. */
export type ServerPoolConfig = Omit<PoolConfig, 'connectionString' | 'ssl' | 'host' | 'port'> & {
  connectionTimeoutMillis: number
  /** What its connections are for, in a word: for the metrics. */
  purpose: string
}

type ConnectCallback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (error?: boolean | Error) => void,
) => void

const pools = new Set<ServerPool>()

/** The pools of this process that are open. */
export function openPools(): Iterable<ServerPool> {
  for (const pool of pools) if (pool.ended) pools.delete(pool)
  return pools
}

/**
 * A pool for an address of libpq's kind. A connection that fails where the address leaves a choice is tried once more, on
 * the server chosen anew: after a failover the pool follows.
 */
export class ServerPool extends Pool {
  readonly choice: ServerChoice
  readonly purpose: string
  #options: unknown

  /** @throws PostgresAddressError */
  constructor(address: string, config: ServerPoolConfig) {
    const { purpose, ...own } = config
    super(own)
    this.purpose = purpose
    pools.add(this)
    if (isTracing()) this.on('connect', (client) => traceQueries(client, purpose))
    this.choice = createServerChoice(address, { connectTimeoutMs: config.connectionTimeoutMillis })
  }

  override connect(): Promise<PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    const connected = this.connectToServer()
    if (!callback) return connected
    connected.then(
      (client) => callback(undefined, client, client.release),
      (error: Error) => callback(error, undefined, () => {}),
    )
  }

  protected async connectToServer(): Promise<PoolClient> {
    const hadChosen = this.#options !== undefined
    try {
      return await this.#connectAsChosen()
    } catch (error) {
      this.choice.forget()
      // What the server itself refuses, a password say, another one refuses too.
      const isFinal = error instanceof DatabaseError || !this.choice.hasOtherServers
      if (isFinal || !hadChosen || this.ending) throw error
      return await this.#connectAsChosen()
    }
  }

  async #connectAsChosen(): Promise<PoolClient> {
    const options = await this.choice.options()
    if (options !== this.#options) {
      // The pool's own client reads them when it makes a connection.
      const { options: own } = this as unknown as { options: PoolConfig }
      const { password, application_name: applicationName, ...rest } = options
      Object.assign(own, rest, applicationName === undefined ? {} : { application_name: applicationName })
      // Not among what is listed when a pool is logged.
      if (password !== undefined)
        Object.defineProperty(own, 'password', { value: password, configurable: true, writable: true })
      this.#options = options
    }
    return await super.connect()
  }
}
