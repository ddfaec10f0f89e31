/** To administrators: the mail server refuses every mail of this installation. */

import { pagePaths } from '#domain/page-paths.ts'
import type { Block } from './mail-content.ts'
import type { NoticeMailWords } from './notice-mail-words.ts'

export interface MailMisconfiguredNotice {
  kind: 'mail_misconfigured'
  /** Host and port. */
  server: string
  /** A sentence for people, see domain/failures.ts. */
  reason: string
  /** What the server said. */
  response: string
}

export function mailMisconfigured(notice: MailMisconfiguredNotice, say: NoticeMailWords, publicUrl: string) {
  const words = say.mail_misconfigured
  const blocks: Block[] = [
    { block: 'paragraph', text: words.intro(notice.server) },
    { block: 'list', items: [{ name: notice.reason, text: notice.response }] },
    { block: 'callout', tone: 'danger', ...words.advice },
    { block: 'button', label: words.action, url: `${publicUrl}${pagePaths.dashboard}` },
  ]
  return {
    to: 'administrator',
    tone: 'danger',
    subject: words.subject,
    overline: words.overline,
    title: words.title,
    preheader: words.preheader,
    blocks,
  } as const
}
