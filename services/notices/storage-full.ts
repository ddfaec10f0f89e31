/** A storage without room for files: told to the administrators once until a file is stored again, and shown to them. */

import type { PrismaClient } from '#prisma/client/client.ts'
import { databaseNow } from '../clock/clocks.ts'
import { clearFault, noteFault } from '../maintenance/installation-faults.ts'
import { tellAdministrators } from './write-notices.ts'

const part = 'storage_full'

/** @returns false when they were told before. */
export function addStorageFullNotices(prisma: PrismaClient, response: string): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    // Every report meets it at the same time.
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${part}))`
    const known = await transaction.installationFault.findUnique({ where: { part } })
    await noteFault(transaction, part, { code: 'storage_full', detail: response })
    if (known) return false
    await tellAdministrators(transaction, { kind: 'storage_full', response }, await databaseNow(transaction))
    return true
  })
}

/** Once a file was stored since the storage last had no room. */
export async function clearStorageFull(prisma: PrismaClient): Promise<void> {
  const known = await prisma.installationFault.findUnique({ where: { part } })
  if (!known) return
  const stored = await prisma.report.findFirst({
    where: { fileAvailableAt: { gt: known.lastSeenAt } },
    select: { number: true },
  })
  if (stored) await clearFault(prisma, part)
}
