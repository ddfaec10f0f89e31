/** Whether a database answers, asked on a connection of its own: what occupies the pools of others says nothing of it. */

import { ServerPool } from './postgres/server-pool.ts'

export interface DatabasePing {
  /** @throws the error of `pg`, after five seconds at most. */
  ping(): Promise<void>
  /** The same, by a statement of one's own. @returns its rows. */
  ask<Row extends object>(sql: string): Promise<Row[]>
  close(): Promise<void>
}

const timeoutMs = 5_000
/** Longer than the interval of usual probes, so that they use one connection. */
const idleTimeoutMs = 60_000

export function createDatabasePing(connectionString: string): DatabasePing {
  const pool = new ServerPool(connectionString, {
    purpose: 'ping',
    max: 1,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    idleTimeoutMillis: idleTimeoutMs,
    // An idle connection must not keep a process from its end.
    allowExitOnIdle: true,
    keepAlive: true,
    application_name: 'rapporteur',
  })
  // The pool replaces a broken idle connection; without a listener its error would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    async ping() {
      await pool.query('SELECT 1')
    },
    async ask<Row extends object>(sql: string) {
      return (await pool.query<Row>(sql)).rows
    },
    close: () => pool.end(),
  }
}
