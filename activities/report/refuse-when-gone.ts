/**
 * Who is not written to any more although the report asks for it, because its owner, its definition or the recipient is
 * gone. Asked before each attempt at each mail, so that it holds for mails that wait in line, for a mail server or for
 * a relaunch. Between this and the mail are milliseconds, in which nothing is looked at again.
 */

import type { FailureCode } from '#domain/failures.ts'
import { matchLocale } from '#domain/locale.ts'
import { includesAddress } from '#domain/schemas/recipients.ts'
import { hasUnsubscribed } from '#services/definitions/unsubscriptions.ts'
import type { ActivityContext } from '../activity-context.ts'
import { activityFailure } from '../activity-failure.ts'
import type { ReportToMail } from './compose-report-mail.ts'
import { mayOwnerSee } from './report-definition.ts'

/** @throws access_revoked, definition_deleted or recipient_removed, for this recipient alone. */
export async function refuseWhenGone(
  context: ActivityContext,
  row: ReportToMail,
  recipient: string,
): Promise<void> {
  const code = await reasonNotToWrite(context, row, recipient)
  if (code) throw activityFailure(code, { locale: matchLocale(row.locale) })
}

async function reasonNotToWrite(
  context: ActivityContext,
  row: ReportToMail,
  recipient: string,
): Promise<FailureCode | null> {
  if (!mayOwnerSee(context, row.owner, row)) return 'access_revoked'
  if (row.endedRound !== null && row.round <= row.endedRound) return 'definition_deleted'
  const { scheduledReport, origin } = row
  // A test goes to the person who asked for it, whoever the recipients are.
  if (!scheduledReport || origin === 'test' || includesAddress(scheduledReport.recipients, recipient))
    return null
  return (await hasUnsubscribed(context.prisma, row, recipient)) ? null : 'recipient_removed'
}
