/** To administrators: reports are open whose runs cannot go on. */

import type { Locale } from '#domain/locale.ts'
import { pagePaths } from '#domain/page-paths.ts'
import { stuckReasons, stuckWords, type StuckReason } from '#domain/stuck-report.ts'
import type { Formats } from './formats.ts'
import type { Block } from './mail-content.ts'
import type { NoticeMailWords } from './notice-mail-words.ts'

export interface ReportsStuckNotice {
  kind: 'reports_stuck'
  total: number
  /** The first of them, at least one. `number`: null before it is opened; `message`: the engine's words. */
  reports: readonly { number: number | null; title: string; reason: StuckReason; message: string }[]
}

interface Setting {
  say: NoticeMailWords
  formats: Formats
  locale: Locale
  publicUrl: string
}

export function reportsStuck(
  { total, reports }: ReportsStuckNotice,
  { say, formats, locale, publicUrl }: Setting,
) {
  const words = say.reports_stuck
  const [one = '', other = ''] = say.nouns.report
  const count = (number: number) => formats.plural(number, one, other)
  const reasons = stuckReasons.filter((reason) => reports.some((report) => report.reason === reason))
  const unlisted = total - reports.length
  const blocks: Block[] = [
    { block: 'paragraph', text: words.intro },
    {
      block: 'list',
      items: reports.map(({ number, title, message }) => ({
        name: number === null ? title : `${say.number(number)} · ${title}`,
        text: message,
      })),
    },
    ...(unlisted > 0 ? [{ block: 'paragraph', text: words.more(count(unlisted)) } as const] : []),
    ...reasons.map((reason) => {
      const { why, remedy } = stuckWords[reason]
      return {
        block: 'callout',
        tone: 'danger',
        title: words.stuck(why[locale]),
        text: remedy[locale],
      } as const
    }),
    { block: 'button', label: words.action, url: `${publicUrl}${pagePaths.dashboard}` },
  ]
  return {
    to: 'administrator',
    tone: 'danger',
    subject: words.subject(count(total)),
    overline: words.overline,
    title: words.title(count(total)),
    preheader: words.preheader,
    blocks,
  } as const
}
