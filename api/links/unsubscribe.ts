import type { PauseReason } from '#domain/pause-reason.ts'
import { includesAddress, isSameAddress } from '#domain/schemas/recipients.ts'
import { lockDefinitionOf } from '#services/definitions/failure-streak.ts'
import { addNotices } from '#services/notices/write-notices.ts'
import type { PrismaClient, Report } from '#prisma/client/client.ts'

const pause = { enabled: false, pauseReason: { kind: 'unsubscribed' } satisfies PauseReason }

/**
 * Removes a recipient from the scheduled report that a report belongs to, and records who left and the notice to its
 * owner, in one transaction. With the last recipient gone it is disabled, with the reason. After the commit the caller
 * applies its Schedule and sends the notice; what fails then, the reconciler and the sweep do later.
 * @returns false when there was nothing to do: a second click, or a scheduled report that is gone.
 */
export function unsubscribe(
  prisma: PrismaClient,
  { number, round }: Pick<Report, 'number' | 'round'>,
  recipient: string,
): Promise<boolean> {
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
    const now = new Date()
    await transaction.unsubscription.upsert({
      where: { scheduledReportId_email: { scheduledReportId: id, email } },
      create: { scheduledReportId: id, email, unsubscribedAt: now },
      update: { unsubscribedAt: now },
    })
    const details = { kind: 'recipient_unsubscribed', recipient, remaining } as const
    await addNotices(transaction, number, round, [{ userId, details }], now)
    return true
  })
}
