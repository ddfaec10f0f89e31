/**
 * Only one attempt at a time writes to a recipient, and none after one that perhaps reached them. The engine retries a
 * task when its worker is silent, but a worker that only lost its connection to the engine continues to send: the lease,
 * renewed in PostgreSQL, makes the next attempt wait. It expires when its holder is dead. Just before the end of the
 * message is sent, the row becomes `uncertain`, and what the mail server answers replaces that: where a worker dies or no
 * answer comes in between, it stays, and no attempt writes to the recipient again.
 */

import { recipientLeaseMs } from '#contract/limits.ts'
import type { Delivery, PrismaClient } from '#prisma/client/client.ts'

export interface Recipient {
  number: number
  email: string
}

/**
 * Takes or renews the lease. The database's clock decides, so that workers need not agree on the time.
 * @returns false when another attempt holds it, or the recipient has the mail, perhaps.
 */
export async function holdLease(
  prisma: PrismaClient,
  { number, email }: Recipient,
  holder: string,
): Promise<boolean> {
  const taken = await prisma.$executeRaw`
    INSERT INTO delivery AS mine (report_number, email, status, lease_holder, lease_until)
    VALUES (${number}, ${email}, 'pending', ${holder}, now() + make_interval(secs => ${recipientLeaseMs / 1000}))
    ON CONFLICT (report_number, email) DO UPDATE SET lease_holder = excluded.lease_holder, lease_until = excluded.lease_until
    WHERE (mine.status IN ('pending', 'failed') AND (mine.lease_until IS NULL OR mine.lease_until < now()))
      OR (mine.status <> 'sent' AND mine.lease_holder = excluded.lease_holder)`
  return taken === 1
}

/**
 * The recipient's mail, when it arrived or perhaps did, and no attempt is still sending it: no other attempt may.
 * Null when one may be about to.
 */
export async function endOfLease(
  prisma: PrismaClient,
  { number, email }: Recipient,
): Promise<Pick<Delivery, 'status' | 'messageId' | 'response' | 'sentAt'> | null> {
  const [row] = await prisma.$queryRaw<Pick<Delivery, 'status' | 'messageId' | 'response' | 'sentAt'>[]>`
    SELECT status, message_id AS "messageId", response, sent_at AS "sentAt" FROM delivery
    WHERE report_number = ${number} AND email = ${email}
      AND (status = 'sent' OR (status = 'uncertain' AND (lease_until IS NULL OR lease_until < now())))`
  return row ?? null
}

/**
 * Writes, just before the end of the message is sent, that it may arrive.
 * @param error what people read when no answer replaces this.
 * @throws Error when the lease is lost: another attempt may be sending.
 */
export async function markUncertain(
  prisma: PrismaClient,
  { number, email }: Recipient,
  holder: string,
  error: string,
): Promise<void> {
  const { count } = await prisma.delivery.updateMany({
    where: { reportNumber: number, email, leaseHolder: holder, status: { not: 'sent' } },
    data: { status: 'uncertain', error },
  })
  if (count === 0) throw new Error('The lease on this recipient was lost while their mail was being sent')
}

/** The mail server refused the mail, and the attempt goes on. */
export async function markPending(
  prisma: PrismaClient,
  { number, email }: Recipient,
  holder: string,
): Promise<void> {
  await prisma.delivery.updateMany({
    where: { reportNumber: number, email, leaseHolder: holder, status: 'uncertain' },
    data: { status: 'pending', error: null },
  })
}

/** @param isUncertain whether the attempt ended without the mail server's answer, after the whole message was sent. */
export async function releaseLease(
  prisma: PrismaClient,
  { number, email }: Recipient,
  holder: string,
  isUncertain: boolean,
): Promise<void> {
  if (!isUncertain) await markPending(prisma, { number, email }, holder)
  await prisma.delivery.updateMany({
    where: { reportNumber: number, email, leaseHolder: holder },
    data: { leaseHolder: null, leaseUntil: null },
  })
}
