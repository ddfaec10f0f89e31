/** The mails that let a person into their account. Written as notices, so that no outage loses one. */

import type { NoticeDetails } from '#services/notices/write-notices.ts'
import { databaseNow } from '#services/clock/clocks.ts'
import { addNotices } from '#services/notices/write-notices.ts'
import type { Prisma } from '#prisma/client/client.ts'

const hour = 60 * 60 * 1000
const lifetimes = { invitation: 72 * hour, password_reset: 2 * hour } as const

/** Makes every earlier link of this account worthless. @returns what the next one says. */
export async function renewPasswordLink(
  transaction: Prisma.TransactionClient,
  userId: string,
  kind: keyof typeof lifetimes,
): Promise<{ generation: number; expiresAt: Date }> {
  const { passwordLink } = await transaction.user.update({
    where: { id: userId },
    data: { passwordLink: { increment: 1 } },
    select: { passwordLink: true },
  })
  const now = await databaseNow(transaction)
  return { generation: passwordLink, expiresAt: new Date(now.getTime() + lifetimes[kind]) }
}

/** Renews the link and writes the mail with it. The caller starts the notices (of no report) after the commit. */
export async function writeAccountMail(
  transaction: Prisma.TransactionClient,
  userId: string,
  kind: keyof typeof lifetimes,
  invitedBy = '',
): Promise<void> {
  const { generation, expiresAt } = await renewPasswordLink(transaction, userId, kind)
  const link = { generation, expiresAt: expiresAt.toISOString() }
  const details: NoticeDetails = kind === 'invitation' ? { kind, ...link, invitedBy } : { kind, ...link }
  await addNotices(transaction, null, 0, [{ userId, details }], new Date())
}
