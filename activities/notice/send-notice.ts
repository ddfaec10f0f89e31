/**
 * Sends one notice to one person, once: an attempt that finds the acceptance of an earlier one (in the heartbeat or on
 * the row) sends nothing, and two attempts never overlap (see noticePolicy).
 */

import { Context, log } from '@temporalio/activity'
import { MailError } from '#adapters/mail/classify-mail-error.ts'
import type { Mail } from '#adapters/mail/mail-message.ts'
import { messageIdFor } from '#adapters/mail/message-id.ts'
import { type FailureCode, failureSentence, isFailureCode } from '#domain/failures.ts'
import { matchLocale, type Locale } from '#domain/locale.ts'
import { isReached } from '#domain/report-status.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'
import type { NoticeDetails } from '#services/notices/write-notices.ts'
import { readDeliveryLog, temporalUrlFor } from '#services/delivery-log/read-delivery-log.ts'
import { renderAccountMail } from '#mails/account-mail.ts'
import type { RenderedMail } from '#mails/mail-content.ts'
import { pagePaths } from '#domain/page-paths.ts'
import { renderNoticeMail, type Notice, type RefusedRecipient } from '#mails/notice-mail.ts'
import type { Delivery, Notice as NoticeRow, Report, ScheduledReport, User } from '#prisma/client/client.ts'
import type { ActivityContext } from '../activity-context.ts'
import { asNoticeFailure } from '../activity-failure.ts'
import { nameReportInLogs } from '../report-in-logs.ts'
import { tellOfMailFault } from '../tell-of-mail-fault.ts'
import { acceptedEarlier, rememberAcceptance } from '../remember-acceptance.ts'
import { noticeSendMs, noticeTurnWaitMs } from '#contract/limits.ts'
import type { EmailReceipt } from '#contract/report-run.ts'

type ReportTold = Report & { owner: User; scheduledReport: ScheduledReport | null; deliveries: Delivery[] }
type NoticeToSend = NoticeRow & { user: User; report: ReportTold | null }

export function sendNotice(context: ActivityContext) {
  return async ({ noticeId: id }: { noticeId: string }): Promise<void> => {
    const { prisma, mailTurns } = context
    let isCheckedOff = false
    const checkOff = async ({ messageId, response, sentAt }: EmailReceipt): Promise<void> => {
      const sent = { status: 'sent', messageId, response, sentAt: new Date(sentAt), error: null }
      await prisma.notice.updateMany({ where: { id }, data: sent })
      isCheckedOff = true
    }
    const earlier = acceptedEarlier()
    if (earlier) return checkOff(earlier)

    const notice = await claimNotice(context, id)
    if (!notice) return
    if (notice.report) nameReportInLogs(notice.report)
    const locale = matchLocale(notice.user.locale)
    const signal = Context.current().cancellationSignal
    try {
      const compose = () => composeNotice(context, notice, locale)
      const accepted = await mailTurns.send(compose, {
        signal,
        waitSignal: signal,
        maxWaitMs: noticeTurnWaitMs,
        withinMs: noticeSendMs,
      })
      const receipt = await rememberAcceptance(context, accepted, checkOff)
      // When this fails, the next attempt reads the heartbeat. The sweep would send a row that stays "pending" again.
      if (!isCheckedOff) await checkOff(receipt)
    } catch (error) {
      if (!(error instanceof MailError) || error.code === 'mail_interrupted') signal.throwIfAborted()
      else if (error.kind === 'installation') await tellOfMailFault(context, error)
      throw asNoticeFailure(error, locale)
    }
  }
}

/** @returns null when it must not be sent any more. */
async function claimNotice({ prisma }: ActivityContext, id: string): Promise<NoticeToSend | null> {
  // A person deactivated meanwhile gets no mail.
  await prisma.notice.updateMany({
    where: { id, status: 'pending', user: { banned: true } },
    data: { status: 'dropped' },
  })
  const taken = await prisma.notice.updateMany({
    where: { id, status: 'pending' },
    data: { attemptedAt: new Date() },
  })
  if (taken.count === 0) return null
  return prisma.notice.findUnique({
    where: { id },
    include: {
      user: true,
      report: { include: { owner: true, scheduledReport: true, deliveries: true } },
    },
  })
}

async function composeNotice(context: ActivityContext, row: NoticeToSend, locale: Locale): Promise<Mail> {
  const { mailer, environment } = context
  const { report, user } = row
  const told = row.details as unknown as NoticeDetails
  const reader = {
    locale,
    timeZone: user.timeZone,
    publicUrl: environment.PUBLIC_URL,
    supportContact: environment.SUPPORT_CONTACT,
  }
  const rendered = await render()
  return {
    to: user.email,
    ...rendered,
    messageId: messageIdFor(row.reportNumber ?? 0, user.email, mailer.domain, {
      kind: `notice:${row.kind}:${row.id}`,
      installation: environment.PUBLIC_URL,
    }),
    reportNumber: row.reportNumber ?? undefined,
  }

  async function render(): Promise<RenderedMail> {
    switch (told.kind) {
      case 'owner_gone':
      case 'reports_stuck':
      case 'storage_full':
        return renderNoticeMail({ ...reader, notice: told })
      case 'mail_misconfigured': {
        const reason = isFailureCode(told.code) ? failureSentence(told.code, locale) : told.code
        return renderNoticeMail({ ...reader, notice: { ...told, reason } })
      }
      case 'invitation':
      case 'password_reset': {
        const expiresAt = new Date(told.expiresAt)
        // Made here and stored nowhere: a copy of the database opens no account.
        const token = await context.passwordLinks.sign({
          userId: user.id,
          generation: told.generation,
          expiresAt,
        })
        const page = environment.PASSWORD_SIGN_IN ? pagePaths.choosePassword(token) : pagePaths.signIn
        const url = `${environment.PUBLIC_URL}${page}`
        const withoutPassword = !environment.PASSWORD_SIGN_IN
        return renderAccountMail({
          ...reader,
          ...told,
          email: user.email,
          url,
          expiresAt,
          withoutPassword,
        })
      }
      default:
        return renderNoticeMail({
          ...reader,
          ...(await aboutReport(context, told, requireReport(report), locale)),
        })
    }
  }
}

/** Deleting a report deletes its notices, so a notice about a report has one. */
function requireReport(report: ReportTold | null): ReportTold {
  if (!report) throw new Error('A notice about a report has lost it')
  return report
}

async function aboutReport(context: ActivityContext, told: ToldOfReport, report: ReportTold, locale: Locale) {
  return {
    report: {
      number: report.number,
      title: report.title,
      name: report.scheduledReport?.name,
      scheduledReportId: report.scheduledReportId ?? undefined,
      scheduledFor: report.scheduledFor ?? undefined,
    },
    notice: await describe(context, told, report, locale),
  }
}

type ToldOfReport = Exclude<
  NoticeDetails,
  {
    kind:
      'owner_gone' | 'mail_misconfigured' | 'storage_full' | 'reports_stuck' | 'invitation' | 'password_reset'
  }
>

async function describe(
  { temporal, environment }: ActivityContext,
  told: ToldOfReport,
  report: ReportTold,
  locale: Locale,
): Promise<Notice> {
  const source = { temporal, temporalWebUrl: environment.TEMPORAL_WEB_URL }
  switch (told.kind) {
    case 'report_failed': {
      const log = await readDeliveryLog(source, report)
      return {
        ...told,
        reason: reasonIn(locale, told, report),
        attempts: log.phases.find(({ phase }) => phase === told.phase)?.attempts ?? 1,
        failedAt: new Date(told.failedAt),
        fileReady: report.objectKey !== null && report.fileRemovedAt === null,
        refused: refusedRecipients(report),
      }
    }
    case 'partly_delivered': {
      const delivered = report.deliveries.filter(({ status }) => status === 'sent').length
      const uncertain = report.deliveries.filter(({ status }) => status === 'uncertain')
      return {
        ...told,
        delivered,
        refused: undeliveredRecipients(report),
        uncertain: uncertain.map(({ email }) => email),
      }
    }
    case 'failing_repeatedly':
      return {
        ...told,
        reason: reasonIn(locale, told, report),
        failedAt: new Date(told.failedAt),
        refused: refusedRecipients(report),
        owner: `${report.owner.name} (${report.owner.email})`,
        temporalUrl: temporalUrlFor(source, report) ?? undefined,
      }
    case 'recovered':
    case 'recipient_unsubscribed':
      return told
  }
}

/** In the reader's language. The report's own sentence may be more precise; it is used when the languages agree. */
function reasonIn(locale: Locale, { code, message }: ReportFailure, report: Pick<Report, 'locale'>): string {
  return isFailureCode(code) && matchLocale(report.locale) !== locale
    ? failureSentence(code, locale)
    : message
}

/** Includes the recipients that a lost run did not write to. */
function undeliveredRecipients({ recipients, deliveries }: ReportTold): RefusedRecipient[] {
  const known = new Map(deliveries.map((delivery) => [delivery.email, delivery]))
  return recipients
    .filter((email) => !isReached(known.get(email)?.status))
    .map((email) => ({ email, response: known.get(email)?.response ?? null }))
}

function refusedRecipients({ deliveries }: ReportTold): RefusedRecipient[] {
  return deliveries
    .filter(({ status }) => status === 'failed')
    .map(({ email, response }) => ({ email, response }))
}

/** Marks a notice that could not be sent, unless its row says that it was accepted after all. */
export function giveUpNotice({ prisma }: ActivityContext) {
  return async ({ noticeId, code }: { noticeId: string; code: FailureCode }): Promise<void> => {
    const { count } = await prisma.notice.updateMany({
      where: { id: noticeId, status: 'pending' },
      data: { status: 'failed', error: code },
    })
    if (count > 0) log.warn('a notice could not be sent', { noticeId, code })
  }
}
