import { includesAddress } from '#domain/schemas/recipients.ts'
import type { PrismaClient, Report, ScheduledReport } from '#prisma/client/client.ts'

/**
 * Whether a recipient left the scheduled report while this report of it was waiting for a mail server, or failed and
 * was to be relaunched. One whom its owner took off is written to all the same: a relaunch keeps its configuration.
 */
export async function hasUnsubscribed(
  prisma: PrismaClient,
  { origin, scheduledReport }: Pick<Report, 'origin'> & { scheduledReport: ScheduledReport | null },
  recipient: string,
): Promise<boolean> {
  // A test goes to the person who asks for it; one whom the owner added again is welcome.
  if (!scheduledReport || origin === 'test' || includesAddress(scheduledReport.recipients, recipient))
    return false
  const { id: scheduledReportId } = scheduledReport
  return (
    (await prisma.unsubscription.count({ where: { scheduledReportId, email: recipient.toLowerCase() } })) > 0
  )
}
