/**
 * `email`: one recipient's mail. It is sent once: every attempt first looks for the acceptance of an earlier one (in
 * the heartbeat, then on the row) and waits for one that is still sending (the lease); after the mail server's
 * "accepted" no error may fail it. What is not guaranteed: docs/operations.md.
 */

import { setTimeout as delay } from 'node:timers/promises'
import { Context } from '@temporalio/activity'
import { MailError } from '#adapters/mail/classify-mail-error.ts'
import type { MailAccepted } from '#adapters/mail/mailer.ts'
import { heartbeatIntervalMs } from '#contract/limits.ts'
import { matchLocale } from '#domain/locale.ts'
import { recipientRefusal } from '#domain/schemas/recipients.ts'
import { recipientRulesFor } from '#services/recipients/recipient-rules.ts'
import type { ActivityContext } from '../activity-context.ts'
import { activityFailure } from '../activity-failure.ts'
import { asMailFailure } from '../activity-failure.ts'
import { composeReportMail, type ReportToMail } from './compose-report-mail.ts'
import { refuseWhenGone } from './refuse-when-gone.ts'
import { hasUnsubscribed } from '#services/definitions/unsubscriptions.ts'
import { holdLease, releaseLease, type Recipient } from './recipient-lease.ts'
import { acceptedEarlier, awaitRecord, rememberAcceptance } from '../remember-acceptance.ts'
import { throwIfOver, interruptionSignal } from './attempt-interruption.ts'
import type { EmailReceipt, EmailRequest } from '#contract/report-run.ts'

const leasePollMs = 500

export function emailReport(context: ActivityContext) {
  return async ({ number, recipient: email }: EmailRequest): Promise<EmailReceipt> => {
    const activity = Context.current()
    const { workflowExecution, activityId, attempt } = activity.info
    const recipient: Recipient = { number, email }
    const holder = `${workflowExecution?.runId}/${activityId}/${attempt}`
    let sending = false
    const beat = setInterval(() => {
      activity.heartbeat({ sending })
      if (sending) void holdLease(context.prisma, recipient, holder).catch(() => false)
    }, heartbeatIntervalMs)

    let receipt: MailAccepted
    try {
      const earlier =
        (await acceptedInHeartbeat(context, recipient)) ?? (await waitForLease(context, recipient, holder))
      if (earlier) return earlier
      sending = true
      receipt = await sendOrFail(context, recipient)
    } catch (error) {
      // Released, so that the next attempt need not wait until it expires.
      if (sending) await releaseLease(context.prisma, recipient, holder).catch(() => undefined)
      throw error
    } finally {
      clearInterval(beat)
    }
    return rememberAcceptance(context, receipt, (accepted) => checkOff(context, recipient, accepted))
  }
}

async function acceptedInHeartbeat(
  context: ActivityContext,
  recipient: Recipient,
): Promise<EmailReceipt | null> {
  const accepted = acceptedEarlier()
  if (accepted) await awaitRecord('checkpoint', checkOff(context, recipient, accepted))
  return accepted
}

/** Waits until no other attempt writes to this recipient. @returns the receipt of another attempt's mail. */
async function waitForLease(
  { prisma }: ActivityContext,
  recipient: Recipient,
  holder: string,
): Promise<EmailReceipt | null> {
  const { number, email } = recipient
  for (;;) {
    if (await holdLease(prisma, recipient, holder)) return null
    const row = await prisma.delivery.findUnique({
      where: { reportNumber_email: { reportNumber: number, email } },
    })
    if (row?.status === 'sent') {
      const sentAt = (row.sentAt ?? new Date()).toISOString()
      return { messageId: row.messageId ?? '', response: row.response ?? '', sentAt }
    }
    await delay(leasePollMs, undefined, { signal: Context.current().cancellationSignal })
  }
}

async function sendOrFail(context: ActivityContext, { number, email }: Recipient): Promise<MailAccepted> {
  const { cancellationSignal } = Context.current()
  const row = await context.prisma.report.findUniqueOrThrow({
    where: { number },
    include: { owner: true, scheduledReport: true },
  })
  const locale = matchLocale(row.locale)
  // A cancelled report begins no further mail.
  throwIfOver(locale)
  if (!row.recipients.includes(email)) {
    // Anonymised while the workflow waited: the lease must not keep the address.
    await context.prisma.delivery.deleteMany({ where: { reportNumber: number, email, status: 'pending' } })
    throw activityFailure('recipient_removed', { locale })
  }
  await refuseWhenGone(context, row, email)
  if (await hasUnsubscribed(context.prisma, row, email))
    throw activityFailure('recipient_unsubscribed', { locale })
  // The configuration, the owner's role or an account may have changed since the recipients were written.
  const rules = await recipientRulesFor(context.prisma, context.environment, row.owner, [email])
  if (recipientRefusal(email, rules) !== null) throw activityFailure('recipient_not_allowed', { locale })
  try {
    return await sendWithLinkFallback(context, row, email, interruptionSignal(cancellationSignal))
  } catch (error) {
    if (error instanceof MailError && error.code === 'mail_interrupted') throwIfOver(locale)
    throw asMailFailure(error, locale)
  }
}

/** A server whose own limit is below ours refuses the attachment: the mail is sent again with the link. */
async function sendWithLinkFallback(
  context: ActivityContext,
  row: ReportToMail,
  recipient: string,
  signal: AbortSignal,
): Promise<MailAccepted> {
  try {
    return await context.mailer.send(await composeReportMail(context, row, recipient), { signal })
  } catch (error) {
    if (!(error instanceof MailError) || error.code !== 'mail_too_large') throw error
    return context.mailer.send(await composeReportMail(context, row, recipient, { attach: false }), {
      signal,
    })
  }
}

async function checkOff(
  { prisma }: ActivityContext,
  { number, email }: Recipient,
  accepted: EmailReceipt,
): Promise<void> {
  const result = {
    status: 'sent',
    messageId: accepted.messageId,
    response: accepted.response,
    error: null,
    sentAt: new Date(accepted.sentAt),
    leaseHolder: null,
    leaseUntil: null,
  }
  await prisma.delivery.upsert({
    where: { reportNumber_email: { reportNumber: number, email } },
    create: { reportNumber: number, email, ...result },
    update: result,
  })
}
