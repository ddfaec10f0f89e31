/**
 * One attempt at a time writes to a recipient. The engine gives a task out again when its worker is silent, and a
 * worker that is only cut off from the engine goes on sending: the lease, kept alive in PostgreSQL, tells the next
 * attempt to wait. It lapses by itself when its holder is dead.
 */

import { recipientLeaseMs } from '#contract/limits.ts'
import type { PrismaClient } from '#prisma/client/client.ts'

export interface Recipient {
  number: number
  email: string
}

/**
 * Takes the lease, or renews it. The database's clock decides, so that workers need not agree on the time.
 * @returns false when another attempt holds it, or the recipient has had the mail.
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
    WHERE mine.status <> 'sent'
      AND (mine.lease_until IS NULL OR mine.lease_until < now() OR mine.lease_holder = excluded.lease_holder)`
  return taken === 1
}

export async function releaseLease(
  prisma: PrismaClient,
  { number, email }: Recipient,
  holder: string,
): Promise<void> {
  await prisma.delivery.updateMany({
    where: { reportNumber: number, email, leaseHolder: holder },
    data: { leaseHolder: null, leaseUntil: null },
  })
}
