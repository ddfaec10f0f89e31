/** Tells a scheduled report's owner that a recipient took themself off its list. */

import type { Engine } from '#engine/engine.ts'
import { addNotices } from '#engine/write-notices.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { Unsubscription } from './deps.ts'

interface Parts {
  prisma: PrismaClient
  engine: Pick<Engine, 'sendNotices'>
}

/** Written down first, so that neither a mail server nor an engine that is away loses it. */
export function createUnsubscriptionNotice({ prisma, engine }: Parts) {
  return async ({ scheduledReportId, number, recipient }: Unsubscription): Promise<void> => {
    const definition = await prisma.scheduledReport.findUnique({ where: { id: scheduledReportId } })
    const report = await prisma.report.findUnique({ where: { number }, select: { round: true } })
    if (!definition || !report) return
    const { ownerId: userId, recipients: remaining } = definition
    const details = { kind: 'recipient_unsubscribed', recipient, remaining } as const
    await addNotices(prisma, number, report.round, [{ userId, details }], new Date())
    await engine.sendNotices(number)
  }
}
