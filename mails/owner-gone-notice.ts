/** To administrators: an account was deactivated, and the scheduled reports that were its own are paused. */

import { pagePaths } from '#domain/page-paths.ts'
import type { Formats } from './formats.ts'
import type { Block } from './mail-content.ts'
import type { NoticeMailWords } from './notice-mail-words.ts'

export interface OwnerGoneNotice {
  kind: 'owner_gone'
  /** The person's name, as the pages show it. */
  owner: string
  /** The account is active, but no administrator's any more. */
  isDemoted?: boolean
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
    { block: 'paragraph', text: (notice.isDemoted ? words.intro_demoted : words.intro)(owner) },
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
    subject: (notice.isDemoted ? words.subject_demoted : words.subject)(owner, paused),
    overline: words.overline,
    title: words.title(paused),
    preheader: (notice.isDemoted ? words.preheader_demoted : words.preheader)(owner),
    blocks,
  } as const
}
