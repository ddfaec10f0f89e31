import { matchLocale, type Localized } from '#domain/locale.ts'
import { includesAddress, isSameAddress } from '#domain/schemas/recipients.ts'
import { lockDefinitionOf } from '#services/definitions/failure-streak.ts'
import { addNotices } from '#services/notices/write-notices.ts'
import type { PrismaClient, Report } from '#prisma/client/client.ts'

const pauseNote: Localized = {
  fr: 'Mis en pause\u00A0: le dernier destinataire s’est désabonné.',
  en: 'Paused: the last recipient unsubscribed.',
}

/**
 * Takes a recipient off the scheduled report that a report belongs to, and writes down that its owner is to be told:
 * both or neither. The last one gone, there is nobody to run for: it is disabled, with a note. Its Schedule and the
 * notice are the caller's to see to, once this is committed; what it cannot do, reconciler and sweep do later.
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
    const { id, ownerId: userId, enabled, locale } = definition
    const remaining = definition.recipients.filter((one) => !isSameAddress(one, recipient))
    const isPaused = enabled && remaining.length === 0
    await transaction.scheduledReport.update({
      where: { id },
      data: {
        recipients: remaining,
        version: { increment: 1 },
        ...(isPaused ? { enabled: false, pauseNote: pauseNote[matchLocale(locale)] } : {}),
      },
    })
    const details = { kind: 'recipient_unsubscribed', recipient, remaining } as const
    await addNotices(transaction, number, round, [{ userId, details }], new Date())
    return true
  })
}
