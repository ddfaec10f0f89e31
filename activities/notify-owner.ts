import { messageIdFor } from '#adapters/message-id.ts'
import { matchLocale } from '#domain/locale.ts'
import type { DeliveryState } from '#domain/report-status.ts'
import type { DeliveryLog, ReportFailure } from '#domain/schemas/report.ts'
import { readDeliveryLog } from '#engine/read-delivery-log.ts'
import { renderNoticeMail, type Notice } from '#mails/notice-mail.ts'
import type { Report } from '#prisma/client/client.ts'
import type { ActivityContext } from './activity-context.ts'

export interface NoticeRequest {
  number: number
  /** One notice a round: its Message-ID follows from it. */
  round: number
}

/** Tells the owner, in their language, that a report failed for good or did not reach everybody. */
export function notifyOwner(context: ActivityContext) {
  return async ({ number, round }: NoticeRequest): Promise<void> => {
    const { prisma, mailer, environment, temporal } = context
    const row = await prisma.report.findUniqueOrThrow({
      where: { number },
      include: { owner: true, scheduledReport: true, deliveries: true },
    })
    const log = await readDeliveryLog({ temporal, temporalWebUrl: environment.TEMPORAL_WEB_URL }, row)
    const notice = noticeFor(row, log)
    if (!notice || row.owner.banned) return
    const rendered = await renderNoticeMail({
      locale: matchLocale(row.owner.locale),
      timeZone: row.owner.timeZone,
      report: {
        number,
        title: row.title,
        name: row.scheduledReport?.name,
        scheduledReportId: row.scheduledReportId ?? undefined,
        scheduledFor: row.scheduledFor ?? undefined,
      },
      notice,
      publicUrl: environment.PUBLIC_URL,
      supportContact: environment.SUPPORT_CONTACT,
    })
    await mailer.send({
      to: row.owner.email,
      ...rendered,
      messageId: messageIdFor(number, row.owner.email, mailer.domain, {
        kind: `notice:${notice.kind}:${round}`,
        installation: environment.PUBLIC_URL,
      }),
      reportNumber: number,
    })
  }
}

function noticeFor(row: Report, log: DeliveryLog): Notice | null {
  const refused = log.recipients
    .filter((recipient) => recipient.status === 'failed')
    .map(({ email, response }) => ({ email, response }))
  const failure = row.failure as ReportFailure | null
  if (failure) {
    return {
      kind: 'report_failed',
      phase: failure.phase,
      reason: failure.message,
      attempts: log.phases.find(({ phase }) => phase === failure.phase)?.attempts ?? 1,
      failedAt: row.finishedAt ?? new Date(),
      fileReady: row.objectKey !== null,
      refused,
    }
  }
  if ((row.delivery as DeliveryState) !== 'partial') return null
  const delivered = log.recipients.filter((recipient) => recipient.status === 'sent').length
  return { kind: 'partly_delivered', delivered, refused }
}
