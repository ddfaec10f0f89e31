/** Tells a scheduled report's owner that a recipient took themself off its list. */

import type { Mailer } from '#adapters/mailer.ts'
import { messageIdFor } from '#adapters/message-id.ts'
import type { Environment } from '#config/environment.ts'
import { matchLocale } from '#domain/locale.ts'
import { renderNoticeMail } from '#mails/notice-mail.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { Unsubscription } from './deps.ts'

interface Parts {
  prisma: PrismaClient
  mailer: Pick<Mailer, 'send' | 'domain'>
  environment: Pick<Environment, 'PUBLIC_URL' | 'SUPPORT_CONTACT'>
}

/** One attempt: the definition shows the shorter list in any case. @throws MailError */
export function createUnsubscriptionNotice({ prisma, mailer, environment }: Parts) {
  return async ({ scheduledReportId, number, recipient }: Unsubscription): Promise<void> => {
    const definition = await prisma.scheduledReport.findUnique({
      where: { id: scheduledReportId },
      include: { owner: true },
    })
    const report = await prisma.report.findUnique({ where: { number }, select: { title: true } })
    if (!definition || !report) return
    const { owner } = definition
    const mail = await renderNoticeMail({
      locale: matchLocale(owner.locale),
      timeZone: owner.timeZone,
      report: { number, title: report.title, name: definition.name, scheduledReportId },
      notice: { kind: 'recipient_unsubscribed', recipient, remaining: definition.recipients },
      publicUrl: environment.PUBLIC_URL,
      supportContact: environment.SUPPORT_CONTACT,
    })
    const messageId = messageIdFor(number, owner.email, mailer.domain, {
      kind: `notice:unsubscribed:${recipient.toLowerCase()}:${definition.version}`,
      installation: environment.PUBLIC_URL,
    })
    await mailer.send({ to: owner.email, ...mail, messageId, reportNumber: number })
  }
}
