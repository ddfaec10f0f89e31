/** Searches the people who have an account. */

import type { UserJson } from '#domain/schemas/user-schema.ts'
import { userSchema } from '#domain/schemas/user-schema.ts'
import type { Role } from '#domain/schemas/me-schema.ts'
import type { Prisma } from '#prisma/client/client.ts'
import { folded, foldedSql } from '#catalogue/folded-text.ts'
import { joinSql, raw, sql, toQuery, type SqlFragment } from '#catalogue/sql.ts'

export interface PeopleSearch {
  /** Part of the name or the address, whatever its case and accents. */
  q?: string
  active?: boolean
  role?: Role
  id?: string
}

/** Ordered by name, ignoring case and accents. */
export async function findPeople(
  database: Pick<Prisma.TransactionClient, '$queryRawUnsafe'>,
  search: PeopleSearch,
  { skip, take }: { skip: number; take: number },
): Promise<UserJson[]> {
  const { text, values } = toQuery(sql`
    SELECT person.id, person.name, person.email, NOT person.banned AS active, person.role, person.linkable,
      person.anonymised_at IS NOT NULL AS anonymised,
      to_char(person.joined_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS joined_at,
      (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each_text(person.attributes)
        WHERE jsonb_typeof(person.attributes -> key) = 'string') AS attributes,
      EXISTS (SELECT FROM account WHERE user_id = person.id AND provider_id = 'oidc') AS has_provider,
      count(definition.id)::int AS scheduled_reports,
      (count(definition.id) FILTER (WHERE definition.enabled))::int AS enabled_scheduled_reports
    FROM "user" AS person LEFT JOIN scheduled_report AS definition ON definition.owner_id = person.id
    WHERE ${conditions(search)}
    GROUP BY person.id
    ORDER BY ${foldedSql(raw('person.name'))}, person.name, person.id
    LIMIT ${take}::int OFFSET ${skip}::int`)
  const rows = await database.$queryRawUnsafe<unknown[]>(text, ...values)
  return userSchema.array().parse(rows)
}

export async function countPeople(
  database: Pick<Prisma.TransactionClient, '$queryRawUnsafe'>,
  search: PeopleSearch,
): Promise<number> {
  const { text, values } = toQuery(
    sql`SELECT count(*)::int AS total FROM "user" AS person WHERE ${conditions(search)}`,
  )
  const [row] = await database.$queryRawUnsafe<{ total: number }[]>(text, ...values)
  return row?.total ?? 0
}

function conditions({ q = '', active, role, id }: PeopleSearch): SqlFragment {
  const wanted = folded(q.trim())
  return joinSql(
    [
      raw('true'),
      ...(id === undefined ? [] : [sql`person.id = ${id}::text`]),
      ...(active === undefined ? [] : [sql`person.banned <> ${active}::boolean`]),
      ...(role === undefined ? [] : [sql`person.role = ${role}::text`]),
      ...(wanted === ''
        ? []
        : [sql`strpos(${foldedSql(raw(`person.name || ' ' || person.email`))}, ${wanted}::text) > 0`]),
    ],
    ' AND ',
  )
}
