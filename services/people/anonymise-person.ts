/**
 * Removes what names a person: for one who left and asks to be forgotten, or whose retention ended. Reports keep their
 * N° and an owner without a name. docs/operations.md lists what remains.
 */

import { randomUUID } from 'node:crypto'
import type { PauseReason } from '#domain/pause-reason.ts'
import type { Alongside } from '../engine.ts'
import { changeAccounts } from './change-accounts.ts'
import { Prisma, type PrismaClient, type User } from '#prisma/client/client.ts'

export type AnonymiseRefusal =
  | 'not_found'
  /** Deactivated first: that ends sessions, pauses what they own, and protects the last administrator. */
  | 'account_active'
  /** Handed over or deleted first: a scheduled report runs as its owner and is answered for by them. */
  | 'owns_scheduled_reports'
  /** Of theirs or to them: their workflows would write the address again. */
  | 'reports_in_progress'

export type AnonymiseOutcome =
  | {
      ok: true
      /** Definitions that lost the recipient; the caller applies their Schedules, else the reconciler does. */
      scheduledReportIds: string[]
    }
  | { ok: false; code: AnonymiseRefusal }

/** Addresses have no index of their own: a table of a million deliveries is read once. */
const timeoutMs = 120_000
const anonymousName = 'Personne anonymisée'

/** All or nothing, in one transaction. Idempotent. @param alongside what is written in the same transaction. */
export function anonymisePerson(
  prisma: PrismaClient,
  id: string,
  alongside?: Alongside,
): Promise<AnonymiseOutcome> {
  return changeAccounts(
    prisma,
    async (transaction): Promise<AnonymiseOutcome> => {
      const user = await transaction.user.findUnique({ where: { id } })
      if (!user) return { ok: false, code: 'not_found' }
      if (user.anonymisedAt) return { ok: true, scheduledReportIds: [] }
      if (!user.banned) return { ok: false, code: 'account_active' }
      if ((await transaction.scheduledReport.count({ where: { ownerId: id } })) > 0) {
        return { ok: false, code: 'owns_scheduled_reports' }
      }
      const email = user.email.toLowerCase()
      if (await hasReportsInProgress(transaction, id, email)) {
        return { ok: false, code: 'reports_in_progress' }
      }
      // Definitions before reports: settling a report locks in the same order.
      const scheduledReportIds = await leaveDefinitions(transaction, email)
      await leaveReports(transaction, id, email)
      await leaveNotices(transaction, user, email)
      await removeAccess(transaction, id, email)
      await transaction.user.update({ where: { id }, data: anonymous() })
      await alongside?.(transaction)
      return { ok: true, scheduledReportIds }
    },
    { timeout: timeoutMs, maxWait: 10_000 },
  )
}

function anonymous(): Prisma.UserUpdateInput {
  return {
    name: anonymousName,
    // A domain that RFC 2606 keeps from ever existing.
    email: `${randomUUID()}@anonymised.invalid`,
    emailVerified: false,
    image: null,
    role: 'user',
    attributes: {},
    anonymisedAt: new Date(),
    linkGeneration: { increment: 1 },
  }
}

/** The address among others, whatever its capitals. */
const has = (recipients: string, email: string) => Prisma.sql`
  EXISTS (SELECT FROM unnest(${Prisma.raw(recipients)}) AS one WHERE lower(one) = ${email})`
const without = (email: string) => Prisma.sql`
  ARRAY(SELECT one FROM unnest(recipients) WITH ORDINALITY AS listed (one, place)
    WHERE lower(one) <> ${email} ORDER BY place)`

/** One that has no recipient left is paused, with the reason. @returns those changed. */
async function leaveDefinitions(transaction: Prisma.TransactionClient, email: string): Promise<string[]> {
  const reason = JSON.stringify({ kind: 'recipient_anonymised' } satisfies PauseReason)
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    UPDATE scheduled_report SET
      recipients = ${without(email)},
      pause_reason = CASE WHEN enabled AND cardinality(${without(email)}) = 0
        THEN ${reason}::jsonb ELSE pause_reason END,
      enabled = enabled AND cardinality(${without(email)}) > 0,
      version = version + 1,
      updated_at = now()
    WHERE ${has('recipients', email)} RETURNING id::text`
  await transaction.unsubscription.deleteMany({ where: { email } })
  return rows.map(({ id }) => id)
}

async function hasReportsInProgress(
  transaction: Prisma.TransactionClient,
  id: string,
  email: string,
): Promise<boolean> {
  const [found] = await transaction.$queryRaw<unknown[]>`
    SELECT 1 FROM report
    WHERE status IN ('queued', 'running') AND (owner_id = ${id} OR ${has('recipients', email)}) LIMIT 1`
  return found !== undefined
}

/** The address in recipients, deliveries and logs of anyone's reports; words of their own in theirs. */
async function leaveReports(transaction: Prisma.TransactionClient, id: string, email: string): Promise<void> {
  await transaction.$executeRaw`
    UPDATE report SET
      recipients = ${without(email)},
      unsubscribed = array_remove(unsubscribed, ${email}),
      archived_log = jsonb_set(archived_log, '{log,recipients}', coalesce((
        SELECT jsonb_agg(one ORDER BY place)
        FROM jsonb_array_elements(archived_log #> '{log,recipients}') WITH ORDINALITY AS listed (one, place)
        WHERE lower(one ->> 'email') <> ${email}
      ), '[]'))
    WHERE ${has('recipients', email)}`
  await transaction.$executeRaw`DELETE FROM delivery WHERE lower(email) = ${email}`
  await transaction.$executeRaw`
    UPDATE report SET subject = NULL, message = NULL
    WHERE owner_id = ${id} AND (subject IS NOT NULL OR message IS NOT NULL)`
  await transaction.requestUnsubscription.deleteMany({ where: { OR: [{ email }, { ownerId: id }] } })
}

/** Theirs go; those of others keep what they told, without the name or the address. */
async function leaveNotices(
  transaction: Prisma.TransactionClient,
  { id, name }: User,
  email: string,
): Promise<void> {
  await transaction.notice.deleteMany({ where: { userId: id } })
  await transaction.$executeRaw`
    DELETE FROM notice WHERE kind = 'recipient_unsubscribed' AND lower(details ->> 'recipient') = ${email}`
  await transaction.$executeRaw`
    UPDATE notice SET details = jsonb_set(details, '{remaining}', coalesce((
      SELECT jsonb_agg(one) FROM jsonb_array_elements_text(details -> 'remaining') AS one WHERE lower(one) <> ${email}
    ), '[]'))
    WHERE kind = 'recipient_unsubscribed' AND lower(details ->> 'remaining') LIKE '%' || ${likeText(email)} || '%'`
  await transaction.$executeRaw`
    UPDATE notice SET details = jsonb_set(details, '{owner}', to_jsonb(${anonymousName}::text))
    WHERE kind = 'owner_gone' AND details ->> 'owner' = ${name}`
}

/** Whatever signs in as them, or was kept of it. */
async function removeAccess(transaction: Prisma.TransactionClient, id: string, email: string): Promise<void> {
  const theirs = { where: { userId: id } }
  await transaction.session.deleteMany({ where: { userId: id } })
  await transaction.account.deleteMany(theirs)
  await transaction.apikey.deleteMany({ where: { referenceId: id } })
  await transaction.idempotentRequest.deleteMany(theirs)
  await transaction.recipientQuota.deleteMany(theirs)
  await transaction.$executeRaw`
    DELETE FROM verification WHERE position(${email} IN lower(identifier || ' ' || value)) > 0 OR value = ${id}`
}

function likeText(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
