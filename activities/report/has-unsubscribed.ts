import { includesAddress } from '#domain/schemas/recipients.ts'
import type { PrismaClient, Report, ScheduledReport } from '#prisma/client/client.ts'

/**
 * Whether a recipient unsubscribed from the scheduled report while this report was waiting for a mail server or for a
 * relaunch. A recipient whom the owner removed still gets the mail: a relaunch keeps its configuration.
 */
export async function hasUnsubscribed(
  prisma: PrismaClient,
  { origin, scheduledReport }: Pick<Report, 'origin'> & { scheduledReport: ScheduledReport | null },
  recipient: string,
): Promise<boolean> {
  // A test goes to the person who requested it; a recipient whom the owner added again gets the mail.
  if (!scheduledReport || origin === 'test' || includesAddress(scheduledReport.recipients, recipient))
    return false
  const { id: scheduledReportId } = scheduledReport
  return (
    (await prisma.unsubscription.count({ where: { scheduledReportId, email: recipient.toLowerCase() } })) > 0
  )
}
