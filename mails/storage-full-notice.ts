/** The storage has no room for files. */

import { pagePaths } from '#domain/page-paths.ts'
import type { Block } from './mail-content.ts'
import type { NoticeMailWords } from './notice-mail-words.ts'

export interface StorageFullNotice {
  kind: 'storage_full'
  /** What the storage said. */
  response: string
}

export function storageFull({ response }: StorageFullNotice, say: NoticeMailWords, publicUrl: string) {
  const words = say.storage_full
  const blocks: Block[] = [
    { block: 'paragraph', text: words.intro },
    { block: 'list', items: [{ name: words.said, text: response }] },
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
