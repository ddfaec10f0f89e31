/**
 * `email`: one recipient's mail. It is sent at most once: every attempt first looks for the acceptance of an earlier one
 * (in the heartbeat, then on the row) and waits for one that is still sending (the lease). Before the end of the message
 * is sent the row says that it may arrive; where no answer comes after that, nothing is sent again unless a person says
 * so. After the mail server's "accepted" no error may fail it.
 */

import { setTimeout as delay } from 'node:timers/promises'
import { ApplicationFailure, Context } from '@temporalio/activity'
import { MailError } from '#adapters/mail/classify-mail-error.ts'
import type { MailAccepted } from '#adapters/mail/mailer.ts'
import { heartbeatIntervalMs, maxTurnWaitMs } from '#contract/limits.ts'
import { failureSentence, type FailureCode } from '#domain/failures.ts'
import { matchLocale, type Locale } from '#domain/locale.ts'
import type { ActivityContext } from '../activity-context.ts'
import type { TurnOptions } from '../mail-turns.ts'
import { activityFailure, asMailFailure } from '../activity-failure.ts'
import { nameReportInLogs } from '../report-in-logs.ts'
import { composeReportMail, type ReportToMail } from './compose-report-mail.ts'
import { reasonNotToWrite } from './reason-not-to-write.ts'
import { tellOfMailFault } from '../tell-of-mail-fault.ts'
import {
  endOfLease,
  holdLease,
  markPending,
  markUncertain,
  releaseLease,
  type Recipient,
} from './recipient-lease.ts'
import {
  acceptedEarlier,
  awaitRecord,
  rememberAcceptance,
  retryUntilTimeout,
} from '../remember-acceptance.ts'
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
      receipt = await sendOrFail(context, recipient, holder)
    } catch (error) {
      // Released, so that the next attempt need not wait until it expires. Not given up soon: until this is written, the
      // row of a mail that the server refused says that it may have arrived.
      const release = () => releaseLease(context.prisma, recipient, holder, isUncertain(error))
      if (sending) await awaitRecord('release', retryUntilTimeout(release))
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
  for (;;) {
    if (await holdLease(prisma, recipient, holder)) return null
    const row = await endOfLease(prisma, recipient)
    if (row?.status === 'uncertain')
      throw activityFailure('mail_uncertain', { locale: await localeOf(prisma, recipient) })
    if (row) {
      const sentAt = (row.sentAt ?? new Date()).toISOString()
      return { messageId: row.messageId ?? '', response: row.response ?? '', sentAt }
    }
    await delay(leasePollMs, undefined, { signal: Context.current().cancellationSignal })
  }
}

async function localeOf(prisma: ActivityContext['prisma'], { number }: Recipient): Promise<Locale> {
  // Not the whole row, with its archived log.
  const select = { locale: true, number: true, type: true, scheduledReportId: true }
  const row = await prisma.report.findUniqueOrThrow({ where: { number }, select })
  nameReportInLogs(row)
  return matchLocale(row.locale)
}

function isUncertain(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.type === ('mail_uncertain' satisfies FailureCode)
}

async function sendOrFail(
  context: ActivityContext,
  recipient: Recipient,
  holder: string,
): Promise<MailAccepted> {
  const { prisma } = context
  const { cancellationSignal } = Context.current()
  const locale = await localeOf(prisma, recipient)
  // A cancelled report begins no further mail.
  throwIfOver(locale)
  try {
    return await sendWithLinkFallback(context, recipient, {
      signal: interruptionSignal(cancellationSignal),
      waitSignal: cancellationSignal,
      maxWaitMs: maxTurnWaitMs,
      takenBack: () => markPending(prisma, recipient, holder),
      beforeDot: () => markUncertain(prisma, recipient, holder, failureSentence('mail_uncertain', locale)),
    })
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error
    if (!(error instanceof MailError) || error.code === 'mail_interrupted') throwIfOver(locale)
    else if (error.kind === 'installation') await tellOfMailFault(context, error)
    throw asMailFailure(error, locale)
  }
}

/** A server whose own limit is below ours refuses the attachment: the mail is sent again with the link. */
async function sendWithLinkFallback(
  context: ActivityContext,
  recipient: Recipient,
  options: TurnOptions,
): Promise<MailAccepted> {
  // Asked once the mail's turn has come, since it may have waited for minutes.
  const compose = async (attach: boolean) =>
    composeReportMail(context, await reportToMail(context, recipient), recipient.email, { attach })
  try {
    return await context.mailTurns.send(() => compose(true), options)
  } catch (error) {
    if (!(error instanceof MailError) || error.code !== 'mail_too_large') throw error
    await options.takenBack?.().catch(() => undefined)
    return context.mailTurns.send(() => compose(false), options)
  }
}

/** The report, for a recipient who may still be written to. @throws ApplicationFailure when they may not. */
async function reportToMail(context: ActivityContext, { number, email }: Recipient): Promise<ReportToMail> {
  const row = await context.prisma.report.findUniqueOrThrow({
    where: { number },
    include: { owner: true, scheduledReport: true },
  })
  const locale = matchLocale(row.locale)
  if (!row.recipients.includes(email)) {
    // Anonymised while the workflow waited: the lease must not keep the address.
    await context.prisma.delivery.deleteMany({ where: { reportNumber: number, email, status: 'pending' } })
    throw activityFailure('recipient_removed', { locale })
  }
  const reason = await reasonNotToWrite(context, row, email)
  if (reason) throw activityFailure(reason, { locale })
  return row
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
