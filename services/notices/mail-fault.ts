/** A mail server that refuses every mail of this installation: told once to the administrators, and shown to them. */

import type { PrismaClient } from '#prisma/client/client.ts'
import type { PresentFault } from '../maintenance/installation-faults.ts'
import { databaseNow } from '../clock/clocks.ts'
import { tellAdministrators, type NoticeDetails } from './write-notices.ts'

export type MailFault = Omit<Extract<NoticeDetails, { kind: 'mail_misconfigured' }>, 'kind'>

/** A server that takes some mails and refuses others is not told of more often than this. */
const toldAgainAfterMs = 3_600_000

/** @returns false when they were told since the server last accepted a mail. */
export function addMailFaultNotices(prisma: PrismaClient, fault: MailFault): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    // Every recipient of a report meets the fault at the same time.
    await transaction.$queryRaw`SELECT 1 FROM mail_pace WHERE server = ${fault.server} FOR UPDATE`
    const now = await databaseNow(transaction)
    const pace = await transaction.mailPace.findUnique({ where: { server: fault.server } })
    const acceptedAt = pace?.acceptedAt ?? now
    const since = new Date(Math.min(acceptedAt.getTime(), now.getTime() - toldAgainAfterMs))
    const told = await transaction.notice.count({ where: { kind, createdAt: { gt: since } } })
    if (told > 0) return false
    const details = { kind, ...fault } as const
    await tellAdministrators(transaction, details, now)
    return true
  })
}

/** The fault that no accepted mail has ended yet. */
export async function presentMailFault(prisma: PrismaClient): Promise<PresentFault | null> {
  const notice = await prisma.notice.findFirst({ where: { kind }, orderBy: { createdAt: 'desc' } })
  if (!notice) return null
  const { code, response, server } = notice.details as unknown as MailFault
  const pace = await prisma.mailPace.findUnique({ where: { server } })
  if (pace && pace.acceptedAt > notice.createdAt) return null
  const since = notice.createdAt
  return { part: 'mail_server', code, detail: `${server}: ${response}`, since, lastSeenAt: since }
}

const kind = 'mail_misconfigured' satisfies NoticeDetails['kind']
