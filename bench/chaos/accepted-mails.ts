/** The mails that the mail server accepted and refused, as the account counts them. */

import { createHash } from 'node:crypto'
import type { MailServer } from '#test/servers/mail-server.ts'
import type { AcceptedMail, Refusal } from './account.ts'

export function acceptedMails(mail: MailServer): AcceptedMail[] {
  return mail.mails.map(({ parsed, to, acceptedAt, heardAt }) => ({
    messageId: parsed.messageId ?? '',
    number: Number(parsed.headers.get('x-rapporteur-report')),
    to: to[0] ?? '',
    acceptedAt,
    heardAt,
    attachment: parsed.attachments[0] ? sha256(parsed.attachments[0].content) : null,
  }))
}

export function refusalsOf(mail: MailServer): Refusal[] {
  return mail.strikes
    .filter(({ fault }) => fault.does === 'reply' && (fault.code ?? 0) >= 500)
    .flatMap(({ recipients, at }) => recipients.map((to) => ({ to, at })))
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
