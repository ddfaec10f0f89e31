/** To administrators: a part of the installation takes nothing from the product, and says why. */

import { pagePaths } from '#domain/page-paths.ts'
import type { Block } from './mail-content.ts'
import type { NoticeMailWords } from './notice-mail-words.ts'

export type RefusalNotice =
  /** The mail server refuses every mail of this installation. */
  | {
      kind: 'mail_misconfigured'
      /** Host and port. */
      server: string
      /** A sentence for people, see domain/failures.ts. */
      reason: string
      /** What the server said. */
      response: string
    }
  /** The storage has no room for files. */
  | {
      kind: 'storage_full'
      /** What the storage said. */
      response: string
    }

export function refusal(notice: RefusalNotice, say: NoticeMailWords, publicUrl: string) {
  const words = say[notice.kind]
  const [intro, heading] =
    notice.kind === 'mail_misconfigured'
      ? [say.mail_misconfigured.intro(notice.server), notice.reason]
      : [say.storage_full.intro, say.storage_full.said]
  const blocks: Block[] = [
    { block: 'paragraph', text: intro },
    { block: 'list', items: [{ name: heading, text: notice.response }] },
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
