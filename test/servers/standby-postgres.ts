import { startPrivatePostgres, type PrivatePostgres } from './private-postgres.ts'
import { postgresUrl } from '#local/parts/postgres-part.ts'

export interface ReplicatedPostgres {
  primary: PrivatePostgres
  standby: PrivatePostgres
  /** Makes the primary remove rows that a query of the standby may still need: it is then cancelled there. */
  conflict(): Promise<void>
  stop(): Promise<void>
}

/**
 * A primary and its streaming standby, which lets no query delay what the primary sends. The standby begins as a base
 * backup of the primary, copied as pg_basebackup does (the embedded server comes without it).
 */
export async function startReplicatedPostgres(): Promise<ReplicatedPostgres> {
  const primary = await startPrivatePostgres({ settings: { wal_level: 'replica' } })
  const admin = await primary.admin()
  await admin.query(
    `CREATE TABLE busy (id int PRIMARY KEY, at timestamptz); INSERT INTO busy VALUES (1, now())`,
  )
  await admin.query(`SELECT pg_backup_start('test', true)`)
  const standby = await startPrivatePostgres({
    copyOf: primary,
    // What ends a backup is asked for once its files are copied.
    files: async () => {
      const { rows } = await admin.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
      return { backup_label: rows[0]?.labelfile ?? '', 'standby.signal': '' }
    },
    settings: {
      primary_conninfo: conninfo(primary.port),
      max_standby_streaming_delay: '0',
      hot_standby_feedback: 'off',
    },
  })
  return {
    primary,
    standby,
    async conflict() {
      await admin.query('UPDATE busy SET at = now()')
      await admin.query('VACUUM busy')
    },
    async stop() {
      await admin.end()
      await standby.stop()
      await primary.stop()
    },
  }
}

function conninfo(port: number): string {
  const { username, password } = new URL(postgresUrl(port, 'postgres'))
  return `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=standby`
}
