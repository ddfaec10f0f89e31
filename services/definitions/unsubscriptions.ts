import type { PauseReason } from '#domain/pause-reason.ts'
import { databaseNow } from '../clock/clocks.ts'
import { includesAddress, isSameAddress } from '#domain/schemas/recipients.ts'
import { lockDefinitionOf } from './failure-streak.ts'
import { addNotices } from '../notices/write-notices.ts'
import { leavePerson, whoLeft } from '../recipients/request-unsubscriptions.ts'
import type { PrismaClient, Report, ScheduledReport, User } from '#prisma/client/client.ts'

const pause = { enabled: false, pauseReason: { kind: 'unsubscribed' } satisfies PauseReason }

type Unsubscribable = Pick<Report, 'number' | 'round' | 'ownerId' | 'scheduledReportId'>

/**
 * Ends the mails that a report's unsubscribe link is about: those of its scheduled report, or, for a report without
 * one, those that its owner sends by hand. From a scheduled report it removes the recipient, and records who left and
 * the notice to its owner, in one transaction. With the last recipient gone it is disabled, with the reason. After the
 * commit the caller applies its Schedule and sends the notice; what fails then, the reconciler and the sweep do later.
 * @returns false when there was nothing to do: a second click, or a scheduled report that is gone.
 */
export function unsubscribe(
  prisma: PrismaClient,
  { number, round, ownerId, scheduledReportId }: Unsubscribable,
  recipient: string,
): Promise<boolean> {
  if (scheduledReportId === null) return leavePerson(prisma, ownerId, recipient)
  return prisma.$transaction(async (transaction) => {
    const definition = await lockDefinitionOf(transaction, number)
    if (!definition || !includesAddress(definition.recipients, recipient)) return false
    const { id, ownerId: userId, enabled } = definition
    const remaining = definition.recipients.filter((one) => !isSameAddress(one, recipient))
    const isPaused = enabled && remaining.length === 0
    await transaction.scheduledReport.update({
      where: { id },
      data: {
        recipients: remaining,
        version: { increment: 1 },
        ...(isPaused ? pause : {}),
      },
    })
    const email = recipient.toLowerCase()
    const now = await databaseNow(transaction)
    await transaction.unsubscription.upsert({
      where: { scheduledReportId_email: { scheduledReportId: id, email } },
      create: { scheduledReportId: id, email, unsubscribedAt: now },
      update: { unsubscribedAt: now, times: { increment: 1 } },
    })
    const details = { kind: 'recipient_unsubscribed', recipient, remaining } as const
    await addNotices(transaction, number, round, [{ userId, details }], now)
    return true
  })
}

/**
 * Whether a recipient unsubscribed, from the scheduled report or from what its owner sends by hand, before this mail or
 * while it was waiting for a mail server or for a relaunch. False for one whom the owner removed, which
 * activities/report/reason-not-to-write.ts asks for.
 */
export async function hasUnsubscribed(
  prisma: PrismaClient,
  {
    origin,
    owner,
    scheduledReport,
    unsubscribed,
  }: Pick<Report, 'origin' | 'unsubscribed'> & {
    owner: Pick<User, 'id' | 'email'>
    scheduledReport: ScheduledReport | null
  },
  recipient: string,
): Promise<boolean> {
  // A test goes to the person who requested it; a recipient whom the owner added again gets the mail.
  if (origin === 'test') return false
  if (!scheduledReport) {
    // When its definition was deleted, the report kept who had left that.
    if (unsubscribed.includes(recipient.toLowerCase())) return true
    return (await whoLeft(prisma, owner, [recipient])).length > 0
  }
  if (includesAddress(scheduledReport.recipients, recipient)) return false
  const { id: scheduledReportId } = scheduledReport
  return (
    (await prisma.unsubscription.count({ where: { scheduledReportId, email: recipient.toLowerCase() } })) > 0
  )
}
