/** The mails that let a person into their account. Written as notices, so that no outage loses one. */

import type { NoticeDetails } from '#services/notices/write-notices.ts'
import { addNotices } from '#services/notices/write-notices.ts'
import type { Prisma } from '#prisma/client/client.ts'

const hour = 60 * 60 * 1000
const lifetimes = { invitation: 72 * hour, password_reset: 2 * hour } as const

/**
 * Makes every earlier link of this account worthless and writes the mail with the new one. The caller starts the
 * notices (of no report) after the commit.
 */
export async function writeAccountMail(
  transaction: Prisma.TransactionClient,
  userId: string,
  kind: keyof typeof lifetimes,
  invitedBy = '',
): Promise<void> {
  const now = new Date()
  const { passwordLink: generation } = await transaction.user.update({
    where: { id: userId },
    data: { passwordLink: { increment: 1 } },
    select: { passwordLink: true },
  })
  const expiresAt = new Date(now.getTime() + lifetimes[kind]).toISOString()
  const details: NoticeDetails =
    kind === 'invitation' ? { kind, generation, expiresAt, invitedBy } : { kind, generation, expiresAt }
  await addNotices(transaction, null, 0, [{ userId, details }], now)
}
