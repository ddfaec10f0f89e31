/**
 * A database that reports are read from: any PostgreSQL, read-only, with values always separate from the SQL text.
 *
 * Values stay the database's own text. Parsing a million rows into JavaScript values costs more than writing the file,
 * and a `Date` loses microseconds, a `number` digits.
 */

import { Client, type ClientConfig, type PoolClient } from 'pg'
import type { Reads } from '#catalogue/define-report.ts'
import { toQuery, type SqlFragment } from '#catalogue/sql.ts'
import { createDatabasePing } from '../database-ping.ts'
import { ServerPool } from '../postgres/server-pool.ts'
import { CopyOutQuery } from './copy-out-query.ts'
import { withPlainMoney } from './plain-money.ts'
import { toSourceError } from './source-error.ts'

export interface SourceOptions {
  connectionString: string
  /** Maximum duration of one statement; the database then ends it. */
  statementTimeoutMs: number
  /**
   * Maximum number of connections, for pages and files together; further callers wait 10 s at most. Allow one for each
   * file written at the same time, and some for pages. Default 20.
   */
  maxConnections?: number
  /** What is read by it, for the metrics: the source unless said otherwise. */
  purpose?: string
}

export interface ReadOptions {
  /** IANA zone in which `timestamptz` values are written. Default UTC. */
  timeZone?: string
  signal?: AbortSignal
}

export interface SourcePage {
  fields: readonly string[]
  /** One array a row, in the order of `fields`; the database's text, `null` for NULL. */
  rows: readonly (readonly (string | null)[])[]
}

/** Rows in COPY's text format; each chunk holds whole rows. It can be iterated once. */
export interface CopyOut extends AsyncIterable<Buffer> {
  /** The number of rows that the database sent; undefined until the iteration has ended. */
  readonly rowCount: number | undefined
  /**
   * Asks the database, on another connection, whether it is working on this query now. It sends rows 8 KB at a time,
   * so a slow query of narrow rows is silent for minutes. False before the query has begun, while it waits for the
   * reader, and when it has ended; hangs or rejects when the database cannot be reached.
   */
  isWorking(): Promise<boolean>
}

export interface Source {
  /** Reads a page of rows. @throws SourceError; the signal's reason when aborted. */
  rows(query: SqlFragment, options?: ReadOptions): Promise<SourcePage>
  /**
   * Streams a query's rows from one repeatable-read, read-only transaction. The connection is taken when the iteration
   * starts and released when it ends; leaving early or aborting cancels the query.
   * @throws SourceError from the iteration; the signal's reason when aborted.
   */
  copyOut(query: SqlFragment, options?: ReadOptions): CopyOut
  /** Whether the database answers, asked on a connection of its own. @throws SourceError */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Of what there is for each database, that of the one a type reads. Only types of the product's own name another. */
export function sourceOf<Of>(
  sources: Readonly<Record<Reads, Of>>,
  { reads = 'source' }: { reads?: Reads },
): Of {
  return sources[reads]
}

const connectionTimeoutMs = 10_000
const cancelTimeoutMs = 3_000
/** ISO dates, regardless of the settings of role and database: the file writers parse this text. */
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
  purpose = 'source',
}: SourceOptions): Source {
  const pool = new ServerPool(connectionString, {
    purpose,
    max: maxConnections,
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
    application_name: 'rapporteur',
  })
  // The pool replaces a broken idle connection; without a listener its error would end the process.
  pool.on('error', ignore)
  // The same for a connection that breaks between its checkout and its first query.
  pool.on('connect', (client) => client.on('error', ignore))
  const database = createDatabasePing(connectionString)

  /** Cancels a session's query from another connection, since the session itself is busy. */
  const cancel = async (session: PoolClient, pid: number): Promise<void> => {
    const options = await pool.choice.options()
    const client = new Client({
      ...options,
      // The session's own server: another one is chosen since when it fails.
      ...serverOf(session),
      application_name: 'rapporteur',
      connectionTimeoutMillis: cancelTimeoutMs,
    })
    client.on('error', ignore)
    try {
      await client.connect()
      await client.query('SELECT pg_cancel_backend($1)', [pid])
    } finally {
      await client.end()
    }
  }

  /** Opens a transaction on a connection of its own; `end` releases the connection, and drops it unless committed. */
  const open = async (values: readonly string[], timeZone: string, signal: AbortSignal | undefined) => {
    const connecting = pool.connect()
    const client = await abortable(connecting, signal).catch((error: unknown) => {
      connecting.then((late) => late.release(), ignore)
      throw error
    })
    // A connection that breaks fails its query, where the error is handled; the event is a duplicate.
    client.on('error', ignore)
    let pid: number | undefined
    let committed = false
    const end = async () => {
      // Cancels before the connection is dropped: until then the process id certainly belongs to it.
      if (!committed && pid !== undefined) await cancel(client, pid).catch(ignore)
      const isClean = committed && (await discard(client))
      // A dropped connection may still report its end, so its listener stays.
      if (isClean) client.removeListener('error', ignore)
      client.release(!isClean)
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
      const plain = await abortable(withPlainMoney(session.client, text), signal)
      const copy = session.client.query(new CopyOutQuery(plain))
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
        const config = {
          text: await abortable(withPlainMoney(session.client, text), signal),
          values: [...values],
          rowMode: 'array' as const,
          types: textOnly,
          // One statement only. Without values pg would use the simple protocol, which takes several: one of them
          // could end the read-only transaction.
          queryMode: 'extended' as const,
        }
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
          // Waiting for the client is not work: the connection to the client may be broken.
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
        await database.ping()
      } catch (error) {
        throw toSourceError(error)
      }
    },

    async close() {
      await Promise.all([pool.end(), database.close()])
    },
  }
}

/** Begins the transaction with its local settings. Returns the session's process id. */
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
    // A role's limit would end the transaction while the last rows, all received, are uploaded.
    idle_in_transaction_session_timeout: '0',
    ...Object.fromEntries(values.map((value, index) => [parameterName(index + 1), value])),
  })
  const calls = entries.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`)
  // Settings that not every version has. After a worker was killed, its query runs until the database checks the socket
  // (from 14 on). A role's limit of a transaction (from 17 on) would end a slow upload.
  const check = `SELECT count(set_config(name, value, true)) FROM pg_settings
    JOIN (VALUES ('client_connection_check_interval', '5s'), ('transaction_timeout', '0')) AS wanted (name, value) USING (name)`
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pg_backend_pid() AS pid, (${check}) AS connection_check, ${calls.join(', ')}`,
    entries.flat(),
  )
  return rows[0]?.pid
}

/** Removes what a query may have left in the session: settings, locks, temporary tables. Takes 0.1 ms. */
async function discard(client: PoolClient): Promise<boolean> {
  return client.query('DISCARD ALL').then(
    () => true,
    () => false,
  )
}

function serverOf(session: PoolClient): ClientConfig {
  const { host, port, ssl } = session as unknown as Required<Pick<ClientConfig, 'host' | 'port' | 'ssl'>>
  return { host, port, ssl }
}

const ignore = () => {}
const textOnly = { getTypeParser: () => (text: string) => text }

function parameterName(position: number): string {
  return `rapporteur.p${position}`
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

/** Settles with the promise, or rejects with the signal's reason as soon as it is aborted. */
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
