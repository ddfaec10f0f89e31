/**
 * `email`: one recipient's mail. It is sent once: every attempt first looks whether an earlier one was accepted
 * (in the heartbeat, then on the row), and nothing that happens after the mail server's "accepted" may fail it.
 *
 * Not guaranteed: a worker that dies in the milliseconds between the server's answer and the awaited heartbeat
 * leaves no trace of it, and the next attempt writes again, under the same Message-ID.
 */

import { Context, log } from '@temporalio/activity'
import { matchLocale } from '#domain/locale.ts'
import { MailError } from '#adapters/mail-error.ts'
import type { MailAccepted } from '#adapters/mailer.ts'
import type { ActivityContext } from './activity-context.ts'
import { asMailFailure } from './classify-failure.ts'
import { composeReportMail, type ReportToMail } from './compose-report-mail.ts'

/** What the mail server said when it took the mail. */
export interface EmailReceipt {
  messageId: string
  response: string
  sentAt: string
}

export interface EmailRequest {
  number: number
  recipient: string
}

/** Heartbeat details once the mail server took the mail; read by later attempts and by the workflow. */
interface AcceptedBeat {
  accepted: EmailReceipt
}

const sendingBeatMs = 5_000
/** An engine that is away must not hold back the return: the row is the second memory. */
const beatDeadlineMs = 5_000

export function emailReport(context: ActivityContext) {
  return async ({ number, recipient }: EmailRequest): Promise<EmailReceipt> => {
    const earlier = await acceptedEarlier(context, number, recipient)
    if (earlier) return earlier

    const row = await context.prisma.report.findUniqueOrThrow({
      where: { number },
      include: { owner: true, scheduledReport: true },
    })
    const locale = matchLocale(row.locale)
    // A cancelled report writes to nobody new; a send in flight is let finish, since it may be a mail sent.
    Context.current().cancellationSignal.throwIfAborted()
    const beat = setInterval(() => Context.current().heartbeat({ sending: true }), sendingBeatMs)
    let receipt: MailAccepted
    try {
      receipt = await sendAsItFits(context, row, recipient)
    } catch (error) {
      throw asMailFailure(error, locale)
    } finally {
      clearInterval(beat)
    }
    const accepted = {
      messageId: receipt.messageId,
      response: receipt.response,
      sentAt: new Date().toISOString(),
    }
    await rememberAcceptance(context, number, recipient, accepted)
    return accepted
  }
}

/** A server whose own limit is below ours refuses the attachment before it takes anything: it gets the link. */
async function sendAsItFits(
  context: ActivityContext,
  row: ReportToMail,
  recipient: string,
): Promise<MailAccepted> {
  try {
    return await context.mailer.send(await composeReportMail(context, row, recipient))
  } catch (error) {
    if (!(error instanceof MailError) || error.code !== 'mail_too_large') throw error
    return context.mailer.send(await composeReportMail(context, row, recipient, { attach: false }))
  }
}

async function acceptedEarlier(
  context: ActivityContext,
  number: number,
  recipient: string,
): Promise<EmailReceipt | null> {
  const beat: unknown = Context.current().info.heartbeatDetails
  if (isAcceptedBeat(beat)) {
    await checkOff(context, number, recipient, beat.accepted)
    return beat.accepted
  }
  const row = await context.prisma.delivery.findUnique({
    where: { reportNumber_email: { reportNumber: number, email: recipient } },
  })
  if (row?.status !== 'sent') return null
  return {
    messageId: row.messageId ?? '',
    response: row.response ?? '',
    sentAt: (row.sentAt ?? new Date()).toISOString(),
  }
}

/** Both memories are tried, and neither may turn a mail that was sent into a failure. */
async function rememberAcceptance(
  context: ActivityContext,
  number: number,
  recipient: string,
  accepted: EmailReceipt,
): Promise<void> {
  const beat: AcceptedBeat = { accepted }
  const { info, heartbeat } = Context.current()
  heartbeat.call(Context.current(), beat)
  const kept = await Promise.allSettled([
    // Awaited and unthrottled: the plain call may be lost when the process dies within seconds.
    context.temporal.withDeadline(Date.now() + beatDeadlineMs, () =>
      context.temporal.activity.heartbeat(info.taskToken, beat),
    ),
    checkOff(context, number, recipient, accepted),
  ])
  for (const result of kept) {
    if (result.status === 'rejected')
      log.warn('acceptance not noted', { number, reason: String(result.reason) })
  }
}

async function checkOff(
  { prisma }: ActivityContext,
  number: number,
  email: string,
  accepted: EmailReceipt,
): Promise<void> {
  const result = {
    status: 'sent',
    messageId: accepted.messageId,
    response: accepted.response,
    error: null,
    sentAt: new Date(accepted.sentAt),
  }
  await prisma.delivery.upsert({
    where: { reportNumber_email: { reportNumber: number, email } },
    create: { reportNumber: number, email, ...result },
    update: result,
  })
}

function isAcceptedBeat(beat: unknown): beat is AcceptedBeat {
  return typeof beat === 'object' && beat !== null && 'accepted' in beat
}
