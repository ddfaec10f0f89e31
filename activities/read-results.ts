import type { RecipientStatus } from '#domain/report-status.ts'
import type { Prisma, PrismaClient } from '#prisma/client/client.ts'
import type { RecipientResult } from '#contract/report-run.ts'

/** Recipients written to so far, as checked off on their rows. */
export async function readResults(
  prisma: PrismaClient | Prisma.TransactionClient,
  number: number,
): Promise<RecipientResult[]> {
  const deliveries = await prisma.delivery.findMany({ where: { reportNumber: number } })
  return deliveries.map((delivery) => ({
    email: delivery.email,
    status: delivery.status as RecipientStatus,
    messageId: delivery.messageId,
    response: delivery.response,
    error: delivery.error,
    sentAt: delivery.sentAt?.toISOString() ?? null,
  }))
}
