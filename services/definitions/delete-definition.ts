import type { Alongside } from '../engine.ts'
import type { PrismaClient, ScheduledReport } from '#prisma/client/client.ts'

/** Every report of the definition changes; years of a daily one are a thousand rows. */
const timeoutMs = 30_000

/**
 * Deletes a definition; its reports stay. One under way writes to nobody further, by what is written here, whether or
 * not Temporal answers; the caller asks for its cancellation too. Each report keeps who had unsubscribed, so that none
 * of its relaunches writes to them.
 * @param options.onlyVersion deletes only if the definition is still at this version.
 * @param options.alongside what is written in the same transaction.
 * @returns the reports under way; null when the definition is at another version, or was deleted.
 */
export function deleteDefinition(
  prisma: PrismaClient,
  { id }: Pick<ScheduledReport, 'id'>,
  { onlyVersion, alongside }: { onlyVersion?: number; alongside?: Alongside } = {},
): Promise<number[] | null> {
  return prisma.$transaction(
    async (transaction) => {
      // Locked first, as settling a report does. An unsubscription waits, and then finds it gone.
      const [found] = await transaction.$queryRaw<{ version: number }[]>`
        SELECT version FROM scheduled_report WHERE id = ${id}::uuid FOR UPDATE`
      if (!found || (onlyVersion !== undefined && found.version !== onlyVersion)) return null
      // A relaunch that waits to begin is the next round, and was asked for before the deletion.
      await transaction.$executeRaw`
        UPDATE report SET
          ended_round = CASE
            WHEN status = 'running' THEN round
            WHEN status = 'queued' THEN round + (started_at IS NOT NULL)::int
            ELSE ended_round END,
          unsubscribed = coalesce((
            SELECT array_agg(left_by.email) FROM unsubscription AS left_by
            JOIN scheduled_report AS definition ON definition.id = left_by.scheduled_report_id
            WHERE definition.id = ${id}::uuid
              AND left_by.email = ANY (SELECT lower(one) FROM unnest(report.recipients) AS one)
              AND left_by.email <> ALL (SELECT lower(one) FROM unnest(definition.recipients) AS one)
          ), '{}')
        WHERE scheduled_report_id = ${id}::uuid`
      const underWay = await transaction.report.findMany({
        where: { scheduledReportId: id, status: { in: ['queued', 'running'] } },
        select: { number: true },
      })
      await transaction.scheduledReport.delete({ where: { id } })
      await alongside?.(transaction)
      return underWay.map(({ number }) => number)
    },
    { timeout: timeoutMs },
  )
}
