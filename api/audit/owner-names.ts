/** The audit trail names owners by the names of then: an id would say nothing once the account is anonymised. */

import type { PrismaClient } from '#prisma/client/client.ts'
import { nameOf } from '#services/audit/record-event.ts'

interface Change<Value> {
  field: string
  from: Value
  to: Value
}

/** @returns the names of those whose ids stand in changes of an owner. */
export async function ownerNames(
  database: Pick<PrismaClient, 'user'>,
  changes: readonly Change<unknown>[],
): Promise<ReadonlyMap<unknown, string>> {
  const ids = changes.flatMap(({ field, from, to }) =>
    field === 'owner_id' ? [from, to].filter((id) => typeof id === 'string') : [],
  )
  if (ids.length === 0) return new Map()
  const owners = await database.user.findMany({ where: { id: { in: ids } } })
  return new Map(owners.map((owner) => [owner.id, nameOf(owner)]))
}

/** The changes with names instead of ids, as far as they are known. */
export function withOwnersNamed<Value>(
  changes: readonly Change<Value>[],
  names: ReadonlyMap<unknown, string>,
): Change<Value | string>[] {
  const named = (id: Value) => names.get(id) ?? id
  return changes.map((change) =>
    change.field === 'owner_id' ? { field: 'owner', from: named(change.from), to: named(change.to) } : change,
  )
}
