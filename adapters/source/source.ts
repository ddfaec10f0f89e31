/**
 * The database that reports are read from: any PostgreSQL, read-only, values always apart from the SQL text.
 *
 * Values arrive as the database's own text. Parsing a million rows into JavaScript values costs more than
 * writing the file does, and a `Date` drops microseconds, a `number` digits.
 */

import { Client, Pool, type ClientConfig, type PoolClient } from 'pg'
import { toQuery, type SqlFragment } from '#catalogue/sql.ts'
import { CopyOutQuery } from './copy-out-query.ts'
import { toSourceError } from './source-error.ts'

export interface SourceOptions {
  connectionString: string
  /** Longest one statement may run; the database ends it after that. */
  statementTimeoutMs: number
  /**
   * Most connections at once, pages and files together; who comes later waits 10 s at most. Give as many as there
   * are files written at once, and some for pages. Default 20.
   */
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
  /**
   * Asks the database, on another connection, whether it is at work on this query now. It sends rows 8 KB at a time,
   * so a slow query of narrow rows is silent for minutes. False before it has begun, when it waits for this side to
   * read, and when it has ended; hangs or rejects when the database cannot be asked.
   */
  isWorking(): Promise<boolean>
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
  maxConnections = 20,
}: SourceOptions): Source {
  const config: ClientConfig = {
    connectionString,
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
    application_name: 'rapporteur',
  }
  const pool = new Pool({ ...config, max: maxConnections })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', ignore)
  // Nor may one that breaks while it is being handed out, before anybody asks it anything.
  pool.on('connect', (client) => client.on('error', ignore))

  /** Asks the database to end what a session is doing; from outside, as the session itself is busy. */
  const cancel = async (pid: number): Promise<void> => {
    const client = new Client({ ...config, connectionTimeoutMillis: cancelTimeoutMs })
    client.on('error', ignore)
    try {
      await client.connect()
      await client.query('SELECT pg_cancel_backend($1)', [pid])
    } finally {
      await client.end()
    }
  }

  /** A transaction on a connection of its own; `end` gives the connection back, dropped unless committed. */
  const open = async (values: readonly string[], timeZone: string, signal: AbortSignal | undefined) => {
    const connecting = pool.connect()
    const client = await abortable(connecting, signal).catch((error: unknown) => {
      connecting.then((late) => late.release(), ignore)
      throw error
    })
    // A connection that breaks fails its query, which is where it is handled; the event comes besides.
    client.on('error', ignore)
    let pid: number | undefined
    let committed = false
    const end = async () => {
      // Cancel before the connection is dropped: until then the process id is surely ours.
      if (!committed && pid !== undefined) await cancel(pid).catch(ignore)
      // One that is dropped may still report its end; the listener stays on it.
      if (committed) client.removeListener('error', ignore)
      client.release(!committed)
    }
    try {
      pid = await abortable(begin(client, values, timeZone, statementTimeoutMs), signal)
    } catch (error) {
      await end()
      throw error
    }
    const commit = async () => {
      await client.query('COMMIT')
      committed = true
    }
    return { client, pid, commit, end }
  }

  async function* stream(
    query: SqlFragment,
    { timeZone = 'UTC', signal }: ReadOptions,
    copyOut: { pid?: number; rowCount?: number },
  ): AsyncGenerator<Buffer, void, undefined> {
    const { text, values } = toQuery(query, (position) => `current_setting('${parameterName(position)}')`)
    let session: Awaited<ReturnType<typeof open>> | undefined
    try {
      session = await open(values, timeZone, signal)
      copyOut.pid = session.pid
      const copy = session.client.query(
        new CopyOutQuery(`COPY (${text}) TO STDOUT (FORMAT text, ENCODING 'UTF8')`),
      )
      const abort = () => copy.destroy(toError(signal?.reason))
      signal?.addEventListener('abort', abort, { once: true })
      try {
        for await (const chunk of copy) yield chunk as Buffer
      } finally {
        signal?.removeEventListener('abort', abort)
      }
      await session.commit()
      copyOut.rowCount = copy.rowCount
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw toSourceError(error)
    } finally {
      copyOut.pid = undefined
      await session?.end()
    }
  }

  return {
    async rows(query, { timeZone = 'UTC', signal } = {}) {
      const { text, values } = toQuery(query)
      let session: Awaited<ReturnType<typeof open>> | undefined
      try {
        session = await open([], timeZone, signal)
        const config = { text, values: [...values], rowMode: 'array' as const, types: textOnly }
        const result = await abortable(session.client.query<(string | null)[]>(config), signal)
        await session.commit()
        return { fields: result.fields.map((field) => field.name), rows: result.rows }
      } catch (error) {
        if (signal?.aborted) throw signal.reason
        throw toSourceError(error)
      } finally {
        await session?.end()
      }
    },

    copyOut(query, options = {}) {
      const state: { pid?: number; rowCount?: number } = {}
      return {
        get rowCount() {
          return state.rowCount
        },
        async isWorking() {
          if (state.pid === undefined) return false
          // Waiting for the client is not work: it may have been cut off from it.
          const { rowCount } = await pool.query(
            `SELECT 1 FROM pg_stat_activity
            WHERE pid = $1 AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'`,
            [state.pid],
          )
          return rowCount === 1
        },
        [Symbol.asyncIterator]: () => stream(query, options, state),
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

/** Opens the transaction and sets what holds for it alone. Returns the session's process id. */
async function begin(
  client: PoolClient,
  values: readonly string[],
  timeZone: string,
  statementTimeoutMs: number,
): Promise<number | undefined> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  const entries = Object.entries({
    ...settings,
    TimeZone: timeZone,
    statement_timeout: String(statementTimeoutMs),
    ...Object.fromEntries(values.map((value, index) => [parameterName(index + 1), value])),
  })
  const calls = entries.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`)
  // A worker that is killed leaves its query running until the database looks at the socket (PostgreSQL 14 and
  // later can be told to look; before that there is no such setting).
  const check = `SELECT set_config(name, '5s', true) FROM pg_settings WHERE name = 'client_connection_check_interval'`
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pg_backend_pid() AS pid, (${check}) AS connection_check, ${calls.join(', ')}`,
    entries.flat(),
  )
  return rows[0]?.pid
}

const ignore = () => {}
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
