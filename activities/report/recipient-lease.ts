/**
 * Only one attempt at a time writes to a recipient. The engine retries a task when its worker is silent, but a worker
 * that only lost its connection to the engine continues to send: the lease, renewed in PostgreSQL, makes the next
 * attempt wait. It expires when its holder is dead.
 */

import { recipientLeaseMs } from '#contract/limits.ts'
import type { PrismaClient } from '#prisma/client/client.ts'

export interface Recipient {
  number: number
  email: string
}

/**
 * Takes or renews the lease. The database's clock decides, so that workers need not agree on the time.
 * @returns false when another attempt holds it, or the recipient already has the mail.
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
