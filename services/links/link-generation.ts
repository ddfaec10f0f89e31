/**
 * What ends a mail's download link before it expires. A link carries the generation it was made in, which three things
 * raise: its recipient unsubscribes, its definition is deleted, its owner's account is deactivated. It ends for good:
 * subscribing or reactivating again brings new mails with new links.
 */

import type { LinkClaims } from '#adapters/signed-link.ts'
import type { ReportOrigin } from '#domain/report-status.ts'
import type { PrismaClient, Report, ScheduledReport, User } from '#prisma/client/client.ts'
import { hasUnsubscribed } from '../definitions/unsubscriptions.ts'

export type Revocation = 'owner_left' | 'definition_deleted' | 'unsubscribed'

type Issuer = Pick<User, 'id' | 'email' | 'linkGeneration'>
type Linked = Pick<Report, 'scheduledReportId'> & { owner: Issuer }

/** The generation of a link that is made now. */
export async function linkGeneration(prisma: PrismaClient, row: Linked, recipient: string): Promise<string> {
  return (await generationParts(prisma, row, recipient)).join('.')
}

/** Owner, definition, recipient. */
async function generationParts(
  prisma: PrismaClient,
  { owner, scheduledReportId }: Linked,
  recipient: string,
): Promise<[owner: number, definition: number, recipient: number]> {
  const email = recipient.toLowerCase()
  const left =
    scheduledReportId === null
      ? await prisma.requestUnsubscription.findUnique({
          where: { ownerId_email: { ownerId: owner.id, email } },
        })
      : await prisma.unsubscription.findUnique({
          where: { scheduledReportId_email: { scheduledReportId, email } },
        })
  // Deleting the definition takes its id off its reports.
  return [owner.linkGeneration, scheduledReportId === null ? 0 : 1, left?.times ?? 0]
}

/**
 * Why a link no longer works, or null. Links of before generations existed end while one of the three holds.
 */
export async function revocationOf(
  prisma: PrismaClient,
  row: Report & { owner: User; scheduledReport: ScheduledReport | null },
  { recipient, generation }: Pick<LinkClaims, 'recipient' | 'generation'>,
): Promise<Revocation | null> {
  const now = await generationParts(prisma, row, recipient)
  const wasScheduled = scheduledOrigins.includes(row.origin) ? 1 : 0
  const [owner, definition, left] = generation?.split('.').map(Number) ?? [now[0], wasScheduled, now[2]]
  if (row.owner.banned || owner !== now[0]) return 'owner_left'
  if (definition !== now[1]) return 'definition_deleted'
  if (left !== now[2] || (await hasUnsubscribed(prisma, row, recipient))) return 'unsubscribed'
  return null
}

const scheduledOrigins: readonly string[] = ['schedule', 'run_now', 'backfill'] satisfies ReportOrigin[]
