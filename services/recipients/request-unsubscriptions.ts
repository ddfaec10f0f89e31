/**
 * Who unsubscribed from what a person sends by hand: requested reports, and relaunches of reports whose definition is
 * deleted. It concerns that person's reports alone, and never their own address.
 */

import { isSameAddress } from '#domain/schemas/recipients.ts'
import type { Prisma } from '#prisma/client/client.ts'

type Database = Pick<Prisma.TransactionClient, 'requestUnsubscription'>

/** Idempotent. @returns whether the address was subscribed until now. */
export async function leavePerson(database: Database, ownerId: string, recipient: string): Promise<boolean> {
  const email = recipient.toLowerCase()
  const now = new Date()
  const { count } = await database.requestUnsubscription.updateMany({
    where: { ownerId, email, unsubscribedAt: null },
    data: { unsubscribedAt: now, times: { increment: 1 } },
  })
  if (count === 1) return true
  const created = await database.requestUnsubscription.createMany({
    data: { ownerId, email, unsubscribedAt: now },
    skipDuplicates: true,
  })
  return created.count === 1
}

/** The recipient alone undoes it, by the same link. */
export async function returnToPerson(database: Database, ownerId: string, recipient: string): Promise<void> {
  await database.requestUnsubscription.updateMany({
    where: { ownerId, email: recipient.toLowerCase() },
    data: { unsubscribedAt: null },
  })
}

/** Those of the recipients who left, in the spelling given. */
export async function whoLeft(
  database: Database,
  owner: { id: string; email: string },
  recipients: readonly string[],
): Promise<string[]> {
  const rows = await database.requestUnsubscription.findMany({
    where: {
      ownerId: owner.id,
      email: { in: recipients.map((one) => one.toLowerCase()) },
      unsubscribedAt: { not: null },
    },
    select: { email: true },
  })
  const left = new Set(rows.map(({ email }) => email))
  return recipients.filter((one) => left.has(one.toLowerCase()) && !isSameAddress(one, owner.email))
}
