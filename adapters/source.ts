/**
 * The database that reports are read from: any PostgreSQL, read-only, values always apart from the SQL text.
 *
 * Values arrive as the database's own text. Parsing a million rows into JavaScript values costs more than
 * writing the file does, and a `Date` drops microseconds, a `number` digits.
 */

import { Client, Pool, type ClientConfig, type PoolClient } from 'pg'
import { toQuery, type SqlFragment } from '#reports/sql.ts'
import { CopyOutQuery } from './copy-out-query.ts'
import { toSourceError } from './source-error.ts'

export interface SourceOptions {
  connectionString: string
  /** Longest one statement may run; the database ends it after that. */
  statementTimeoutMs: number
  /** Most connections at once, pages and files together. Default 10. */
  maxConnections?: number
}

export interface ReadOptions {
  /** IANA zone that `timestamptz` values are written in. Default UTC. */
  timeZone?: string
  signal?: AbortSignal
}

export interface SourcePage {
  fields: readonly string[]
  /** One array a row, in the order of `fields`; the database's text, `null` for NULL. */
  rows: readonly (readonly (string | null)[])[]
}

/** Rows in COPY's text format; each chunk holds whole rows. Iterate it once. */
export interface CopyOut extends AsyncIterable<Buffer> {
  /** Rows the database says it sent; undefined until the iteration has ended. */
  readonly rowCount: number | undefined
}

export interface Source {
  /** A page of rows. @throws SourceError; the signal's reason when aborted. */
  rows(query: SqlFragment, options?: ReadOptions): Promise<SourcePage>
  /**
   * Streams a query's rows from one repeatable-read, read-only transaction. The connection is taken when the
   * iteration starts and given back when it ends; leaving early or aborting cancels the query.
   * @throws SourceError from the iteration; the signal's reason when aborted.
   */
  copyOut(query: SqlFragment, options?: ReadOptions): CopyOut
  ping(): Promise<void>
  close(): Promise<void>
}

const connectionTimeoutMs = 10_000
const cancelTimeoutMs = 3_000
/** ISO dates whatever the role's or database's own settings say: the writers read this text. */
const settings = {
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'iso_8601',
  bytea_output: 'hex',
  extra_float_digits: '1',
}

export function createSource({
  connectionString,
  statementTimeoutMs,
  maxConnections = 10,
}: SourceOptions): Source {
  const config: ClientConfig = {
    connectionString,
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
    application_name: 'rapporteur',
  }
  const pool = new Pool({ ...config, max: maxConnections })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})

  const begin = async (client: PoolClient, values: readonly string[], timeZone: string): Promise<number> => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const entries = Object.entries({
      ...settings,
      TimeZone: timeZone,
      statement_timeout: String(statementTimeoutMs),
      ...Object.fromEntries(values.map((value, index) => [parameterName(index + 1), value])),
    })
    const calls = entries.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`)
    // A worker that is killed leaves its query running until the database looks at the socket (PostgreSQL 14
    // and later can be told to look; before that there is no such setting).
    const check = `SELECT set_config(name, '5s', true) FROM pg_settings WHERE name = 'client_connection_check_interval'`
    const result = await client.query<{ pid: number }>(
      `SELECT pg_backend_pid() AS pid, (${check}) AS "check", ${calls.join(', ')}`,
      entries.flat(),
    )
    return result.rows[0]?.pid ?? 0
  }

  const cancel = async (pid: number): Promise<void> => {
    const client = new Client({ ...config, connectionTimeoutMillis: cancelTimeoutMs })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('SELECT pg_cancel_backend($1)', [pid])
    } finally {
      await client.end()
    }
  }

  const connect = (signal: AbortSignal | undefined): Promise<PoolClient> => {
    const connecting = pool.connect()
    return abortable(connecting, signal).catch((error: unknown) => {
      connecting.then(
        (client) => client.release(),
        () => {},
      )
      throw error
    })
  }

  async function* stream(
    query: SqlFragment,
    { timeZone = 'UTC', signal }: ReadOptions,
    counted: (rowCount: number | undefined) => void,
  ): AsyncGenerator<Buffer, void, undefined> {
    signal?.throwIfAborted()
    const { text, values } = toQuery(query, (position) => `current_setting('${parameterName(position)}')`)
    let client: PoolClient | undefined
    let pid = 0
    let ended = false
    const ignore = () => {}
    try {
      client = await connect(signal)
      // A connection that breaks fails its query, which is where it is handled; the event comes besides.
      client.on('error', ignore)
      pid = await abortable(begin(client, values, timeZone), signal)
      const copy = client.query(new CopyOutQuery(`COPY (${text}) TO STDOUT (FORMAT text, ENCODING 'UTF8')`))
      const abort = () => copy.destroy(toError(signal?.reason))
      signal?.addEventListener('abort', abort, { once: true })
      try {
        for await (const chunk of copy) yield chunk as Buffer
      } finally {
        signal?.removeEventListener('abort', abort)
      }
      await client.query('COMMIT')
      counted(copy.rowCount)
      ended = true
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw toSourceError(error)
    } finally {
      if (client) {
        // Cancel before the connection is dropped: until then the process id is surely ours.
        if (!ended && pid !== 0) await cancel(pid).catch(ignore)
        client.removeListener('error', ignore)
        client.release(!ended)
      }
    }
  }

  return {
    async rows(query, { timeZone = 'UTC', signal } = {}) {
      const { text, values } = toQuery(query)
      let client: PoolClient | undefined
      let ended = false
      try {
        signal?.throwIfAborted()
        client = await connect(signal)
        const connection = client
        const result = await abortable(
          begin(connection, [], timeZone).then(() =>
            connection.query<(string | null)[]>({
              text,
              values: [...values],
              rowMode: 'array',
              types: textOnly,
            }),
          ),
          signal,
        )
        await connection.query('COMMIT')
        ended = true
        return { fields: result.fields.map((field) => field.name), rows: result.rows }
      } catch (error) {
        if (signal?.aborted) throw signal.reason
        throw toSourceError(error)
      } finally {
        client?.release(!ended)
      }
    },

    copyOut(query, options = {}) {
      let rowCount: number | undefined
      return {
        get rowCount() {
          return rowCount
        },
        [Symbol.asyncIterator]: () => stream(query, options, (counted) => (rowCount = counted)),
      }
    },

    async ping() {
      try {
        await pool.query('SELECT 1')
      } catch (error) {
        throw toSourceError(error)
      }
    },

    close: () => pool.end(),
  }
}

const textOnly = { getTypeParser: () => (text: string) => text }

function parameterName(position: number): string {
  return `rapporteur.p${position}`
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

/** The promise, or the signal's reason as soon as it is aborted. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(toError(signal.reason))
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
