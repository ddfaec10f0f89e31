/** What is wrong with the installation itself: noted by whoever meets it, shown to administrators, and in /readyz. */

import type { FailureCode } from '#domain/failures.ts'
import { installationParts, type InstallationPart } from '#domain/installation-part.ts'
import { Prisma, type InstallationFault, type PrismaClient } from '#prisma/client/client.ts'

type Database = Pick<PrismaClient, '$executeRaw' | '$queryRaw' | 'installationFault'>

export type PresentFault = InstallationFault & { part: InstallationPart }

const maxDetailLength = 500

/**
 * What each worker, or each process of the API, looks at by itself, and what one that ended can no longer report as
 * mended: told of every few seconds, the fault is over when nobody does any more.
 */
const seenAgainAndAgain: InstallationPart[] = ['clock', 'workers', 'sweep', 'mail_connection']
const isOver = Prisma.sql`
  part = ANY (${seenAgainAndAgain}) AND last_seen_at < clock_timestamp() - interval '2 minutes'`

/** Idempotent: a fault that goes on keeps its beginning. */
export async function noteFault(
  prisma: Database,
  part: InstallationPart,
  { code, detail }: { code: FailureCode | 'report_stuck'; detail: string },
): Promise<void> {
  const text = detail.slice(0, maxDetailLength)
  await prisma.$executeRaw`DELETE FROM installation_fault WHERE ${isOver}`
  await prisma.$executeRaw`
    INSERT INTO installation_fault AS fault (part, code, detail, since, last_seen_at)
    VALUES (${part}, ${code}, ${text}, clock_timestamp(), clock_timestamp())
    ON CONFLICT (part) DO UPDATE SET
      code = excluded.code, detail = excluded.detail, last_seen_at = excluded.last_seen_at`
}

/** When the part works again. */
export async function clearFault(prisma: Database, part: InstallationPart): Promise<void> {
  await prisma.installationFault.deleteMany({ where: { part } })
}

/** Those there are, the oldest first. */
export function readFaults(prisma: Database): Promise<PresentFault[]> {
  return prisma.$queryRaw<PresentFault[]>`
    SELECT part, code, detail, since, last_seen_at AS "lastSeenAt" FROM installation_fault
    WHERE part = ANY (${[...installationParts]}) AND NOT (${isOver}) ORDER BY since`
}
