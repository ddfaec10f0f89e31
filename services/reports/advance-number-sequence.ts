import { reportNumberKey } from '#contract/search-attributes.ts'
import type { ServiceContext } from '../service-context.ts'
import { missingAttributes } from '../temporal/namespace-attributes.ts'

/**
 * After a restore from a backup, the database would reuse numbers that people know and that identify workflows and
 * mails. Moves the sequence past the highest number that the engine has seen.
 * @returns that number; null when nothing had to be done.
 */
export async function advanceNumberSequence({ prisma, temporal }: ServiceContext): Promise<number | null> {
  // Runs cannot be found by number. What may have been given since a backup is left out all the same, when `migrate` or
  // a worker meets the restored database.
  if (missingAttributes(temporal).has(reportNumberKey.name)) return null
  const last = await lastNumber()
  const { count } = await temporal.workflow.count(`ReportNumber > ${last}`)
  if (count === 0) return null
  let highest = last
  for await (const run of temporal.workflow.list({ query: `ReportNumber > ${last}` })) {
    highest = Math.max(highest, run.typedSearchAttributes.get(reportNumberKey) ?? 0)
  }
  // Reports requested meanwhile are no sign of a restored database.
  if (highest <= (await lastNumber())) return null
  await prisma.$executeRaw`SELECT setval(pg_get_serial_sequence('report', 'number'), ${highest})`
  return highest

  async function lastNumber(): Promise<number> {
    const [row] = await prisma.$queryRaw<{ last: number }[]>`
      SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('report', 'number')::regclass), 0)::int AS last`
    return row?.last ?? 0
  }
}
