/** To administrators: an account was deactivated, and the scheduled reports that were its own are paused. */

import { pagePaths } from '#domain/page-paths.ts'
import type { Formats } from './formats.ts'
import type { Block } from './mail-content.ts'
import type { NoticeMailWords } from './notice-mail-words.ts'

export interface OwnerGoneNotice {
  kind: 'owner_gone'
  /** The person's name, as the pages show it. */
  owner: string
  /** Those that are paused, at least one. */
  scheduledReports: readonly { id: string; name: string }[]
}

/** A longer list would not be read: the rest is counted, and shown by the link to the full list. */
const maxLinks = 20

interface Setting {
  say: NoticeMailWords
  formats: Formats
  publicUrl: string
}

export function ownerGone(notice: OwnerGoneNotice, { say, formats, publicUrl }: Setting) {
  const words = say.owner_gone
  const [one = '', other = ''] = say.nouns.scheduledReport
  const count = (number: number) => formats.plural(number, one, other)
  const { owner, scheduledReports } = notice
  const paused = count(scheduledReports.length)
  const unlisted = scheduledReports.length - maxLinks
  const blocks: Block[] = [
    { block: 'paragraph', text: words.intro(owner) },
    {
      block: 'links',
      links: scheduledReports
        .slice(0, maxLinks)
        .map(({ id, name }) => ({ label: name, url: `${publicUrl}${pagePaths.scheduledReport(id)}` })),
    },
    ...(unlisted > 0 ? [{ block: 'paragraph', text: words.more(count(unlisted)) } as const] : []),
    { block: 'callout', tone: 'warning', ...words.advice },
    {
      block: 'button',
      label: words.action,
      url: `${publicUrl}${pagePaths.scheduledReports}?tous=1&etat=owner_inactive`,
    },
  ]
  return {
    to: 'administrator',
    tone: 'warning',
    subject: words.subject(owner, paused),
    overline: words.overline,
    title: words.title(paused),
    preheader: words.preheader(owner),
    blocks,
  } as const
}
