/** The product's own database: reached, as whom, with which rights, and whether its schema is this version's. */

import { createDatabasePing, type DatabasePing } from '#adapters/database-ping.ts'
import { knownMigrations } from '#prisma/known-migrations.ts'
import { findingsOf, type Finding } from './finding.ts'
import { placeOf, postgresRefusal } from './postgres-refusal.ts'

const maxNamed = 5
const { ok, fault } = findingsOf('database')

export async function checkDatabase({ DATABASE_URL }: { DATABASE_URL: string }): Promise<Finding[]> {
  const database = createDatabasePing(DATABASE_URL)
  try {
    return await findings(database, DATABASE_URL)
  } catch (error) {
    const { kind, says, remedy } = postgresRefusal(error, DATABASE_URL, 'DATABASE_URL')
    return [fault(`database_${kind}`, says, remedy)]
  } finally {
    await database.close()
  }
}

async function findings(database: DatabasePing, address: string): Promise<Finding[]> {
  const [found] = await database.ask<{
    role: string
    version: string
    isStandby: boolean
    isReader: boolean
  }>(`
    SELECT current_user AS role, split_part(current_setting('server_version'), ' ', 1) AS version,
      pg_is_in_recovery() AS "isStandby", current_setting('transaction_read_only')::boolean AS "isReader"`)
  const { role = '', version = '', isStandby = false, isReader = false } = found ?? {}
  const { where } = placeOf(address)
  const reached = ok(`${where}, as "${role}", PostgreSQL ${version}`)
  if (isStandby) {
    const remedy = 'Name the primary: target_session_attrs=read-write in DATABASE_URL finds it among several'
    return [reached, fault('database_read_only', `${where} is a standby, which takes no writes`, remedy)]
  }
  if (isReader) {
    const words = `The role "${role}" only reads: default_transaction_read_only is on for it`
    const remedy =
      'Give DATABASE_URL a role that owns the tables; that of the source may be one that only reads'
    return [reached, fault('database_read_only', words, remedy)]
  }
  const schema = await checkSchema(database)
  if (schema.some(({ state }) => state === 'fault')) return [reached, ...schema]
  return [reached, ...schema, ...(await checkRights(database, role))]
}

interface Migration {
  name: string
  isApplied: boolean
}

async function checkSchema(database: DatabasePing): Promise<Finding[]> {
  const known = await knownMigrations()
  const [present] = await database.ask<{ isThere: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS "isThere"`,
  )
  const rows = present?.isThere
    ? await database.ask<Migration>(
        `SELECT migration_name AS name, bool_or(finished_at IS NOT NULL AND rolled_back_at IS NULL) AS "isApplied"
         FROM _prisma_migrations GROUP BY 1 ORDER BY 1`,
      )
    : []
  const applied = new Set(rows.filter(({ isApplied }) => isApplied).map(({ name }) => name))
  const failed = rows.filter(({ isApplied, name }) => !isApplied && known.includes(name))
  if (failed.length > 0) {
    return [
      fault(
        'database_migration_failed',
        `A migration has failed: ${failed.map(({ name }) => name).join(', ')}`,
        'Run `npm run migrate` (in a container: `migrate`), which says what PostgreSQL refuses',
      ),
    ]
  }
  const missing = known.filter((name) => !applied.has(name))
  if (missing.length > 0) {
    return [
      fault(
        'database_not_migrated',
        `${missing.length} of ${known.length} migrations are not applied, from ${missing[0]} on`,
        'Run `npm run migrate` (in a container: `migrate`), then start API and workers again',
      ),
    ]
  }
  const newer = [...applied].filter((name) => !known.includes(name))
  if (newer.length === 0) return []
  return [
    fault(
      'database_newer',
      `The database has been migrated by a later version (${newer.join(', ')})`,
      'Run that version everywhere, or restore the backup of before it: migrations do not go back',
    ),
  ]
}

async function checkRights(database: DatabasePing, role: string): Promise<Finding[]> {
  const rows = await database.ask<{ name: string }>(`
    SELECT relname AS name FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname <> '_prisma_migrations'
      AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT'))
    ORDER BY 1`)
  if (rows.length === 0) return []
  const named = rows.slice(0, maxNamed).map(({ name }) => name)
  const more = rows.length > maxNamed ? ` and ${rows.length - maxNamed} more` : ''
  return [
    fault(
      'database_rights',
      `The role "${role}" may not read and write ${named.join(', ')}${more}`,
      `Make "${role}" the tables' owner, or: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "${role}"`,
    ),
  ]
}
