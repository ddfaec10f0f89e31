/** A report type's SQL runs with the rights of the source's role, so that role should be able to read only. */

import { setTimeout as delay } from 'node:timers/promises'
import { sql } from '#catalogue/sql.ts'
import type { Logger } from '#config/logger.ts'
import { SourceError } from './source-error.ts'
import type { Source } from './source.ts'

const advice =
  'Give the service a role with SELECT only: docs/report-types.md, "A role that can only read", has the statements.'
const maxNamed = 5
const retryMs = 30_000

/** What the role of SOURCE_DATABASE_URL may do beside reading, each a sentence; empty for a reader. */
export async function writingRights(source: Pick<Source, 'rows'>): Promise<string[]> {
  const { rows } = await source.rows(sql`
    select current_user, role.rolsuper, role.rolcreaterole,
      array_to_string(array(
        select predefined.rolname from pg_roles predefined
        where predefined.rolname in ('pg_execute_server_program', 'pg_write_server_files', 'pg_write_all_data')
          and pg_has_role(predefined.oid, 'member')
        order by 1), ', ')
    from pg_roles role where role.rolname = current_user`)
  const [name, isSuperuser, createsRoles, memberOf] = rows[0] ?? []
  const role = `SOURCE_DATABASE_URL: the role "${name}"`
  // A superuser may do everything: the rest need not be listed.
  if (isSuperuser === 't') return [`${role} is a superuser. ${advice}`]
  const tables = await named(source, 'tables')
  const schemas = await named(source, 'schemas')
  return [
    ...(createsRoles === 't' ? [`${role} may create roles. ${advice}`] : []),
    ...(memberOf ? [`${role} is a member of ${memberOf}. ${advice}`] : []),
    ...(tables ? [`${role} may write to ${tables}. ${advice}`] : []),
    ...(schemas ? [`${role} may create tables in ${schemas}. ${advice}`] : []),
  ]
}

/** Up to five names and how many more there are; undefined when there is none. */
async function named(source: Pick<Source, 'rows'>, what: 'tables' | 'schemas'): Promise<string | undefined> {
  const found =
    what === 'tables'
      ? sql`
        select format('%I.%I', schema.nspname, relation.relname)
        from pg_class relation join pg_namespace schema on schema.oid = relation.relnamespace
        where relation.relkind in ('r', 'p', 'v', 'f')
          and schema.nspname !~ '^(pg_|information_schema$)'
          and (has_table_privilege(relation.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
            or has_any_column_privilege(relation.oid, 'INSERT, UPDATE'))`
      : sql`
        select format('the schema %I', schema.nspname) from pg_namespace schema
        where schema.nspname !~ '^(pg_|information_schema$)' and has_schema_privilege(schema.oid, 'CREATE')`
  const { rows } = await source.rows(sql`
    select name, count(*) over () from (${found}) as found (name) order by 1 limit ${maxNamed}::bigint`)
  if (rows.length === 0) return undefined
  const more = Number(rows[0]?.[1]) - rows.length
  return rows.map(([name]) => name).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** Logs each of `writingRights` as a warning, once the source answers. Never rejects. */
export async function warnOfWritingRole(source: Pick<Source, 'rows'>, logger: Logger): Promise<void> {
  for (;;) {
    try {
      for (const warning of await writingRights(source)) logger.warn(warning)
      return
    } catch (error) {
      if (!(error instanceof SourceError) || error.kind === 'rejected') {
        return logger.warn({ err: error }, 'what the role of SOURCE_DATABASE_URL may write is not known')
      }
    }
    await delay(retryMs, undefined, { ref: false })
  }
}
