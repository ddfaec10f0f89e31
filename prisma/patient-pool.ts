import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseError, Pool, type PoolClient, type PoolConfig } from 'pg'

const firstWaitMs = 250
const longestWaitMs = 2_000
/** Starting, stopping, crashed, or full: it may answer in a moment. */
const passingStates = ['57P01', '57P02', '57P03', '53300']

/**
 * A pool that waits for a server that is being restarted. Only connecting is repeated, at which nothing has been
 * executed yet: a statement that was cut off fails as ever, since it may have been carried out.
 */
export class PatientPool extends Pool {
  readonly #patienceMs: number
  /** What ended connections that nobody had asked anything yet. */
  readonly #ends = new WeakMap<PoolClient, Error>()

  /** @param patienceMs how long to go on trying to connect; what the server says at the end is thrown. */
  constructor(config: PoolConfig, patienceMs: number) {
    super(config)
    this.#patienceMs = patienceMs
    // A connection may break at any moment, also between being handed out and its first query, when nobody else
    // listens: an error event without a listener would end the process.
    this.on('connect', (client) => client.on('error', (error) => this.#ends.set(client, error)))
  }

  override connect(): Promise<PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    const connected = this.#connectPatiently()
    if (!callback) return connected
    connected.then(
      (client) => callback(undefined, client, client.release),
      (error: Error) => callback(error, undefined, () => {}),
    )
  }

  async #connectPatiently(): Promise<PoolClient> {
    const deadline = Date.now() + this.#patienceMs
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      try {
        const client = await super.connect()
        const end = this.#ends.get(client)
        if (!end) return client
        client.release(true)
        throw end
      } catch (error) {
        if (this.ending || !mayPass(error) || Date.now() + waitMs > deadline) throw error
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

/** Not reached, or not now; a server that answers "no" (a wrong password, no such database) goes on doing so. */
function mayPass(error: unknown): boolean {
  return !(error instanceof DatabaseError) || passingStates.includes(error.code ?? '')
}
