/**
 * Why a recipient is not written to any more although the report asks for it: its owner, its definition or the recipient
 * is gone, or may not be written to. Asked before each attempt at each mail, so that it holds for mails that wait in
 * line, for a mail server or for a relaunch. Between this and the mail are milliseconds, in which nothing is looked at
 * again.
 */

import type { FailureCode } from '#domain/failures.ts'
import { includesAddress, recipientRefusal } from '#domain/schemas/recipients.ts'
import { hasUnsubscribed } from '#services/definitions/unsubscriptions.ts'
import { recipientRulesFor } from '#services/recipients/recipient-rules.ts'
import type { ActivityContext } from '../activity-context.ts'
import type { ReportToMail } from './compose-report-mail.ts'
import { mayOwnerSee } from './report-definition.ts'

/** @returns null when the recipient may be written to. */
export async function reasonNotToWrite(
  context: ActivityContext,
  row: ReportToMail,
  recipient: string,
): Promise<FailureCode | null> {
  const { prisma, environment } = context
  const { scheduledReport, origin, owner } = row
  if (!mayOwnerSee(context, owner, row)) return 'access_revoked'
  if (row.endedRound !== null && row.round <= row.endedRound) return 'definition_deleted'
  if (await hasUnsubscribed(prisma, row, recipient)) return 'recipient_unsubscribed'
  // A test goes to the person who asked for it, whoever the recipients are.
  const isRemoved =
    scheduledReport && origin !== 'test' && !includesAddress(scheduledReport.recipients, recipient)
  if (isRemoved) return 'recipient_removed'
  // The configuration, the owner's role or an account may have changed since the recipients were written.
  const rules = await recipientRulesFor(prisma, environment, owner, [recipient])
  return recipientRefusal(recipient, rules) === null ? null : 'recipient_not_allowed'
}
