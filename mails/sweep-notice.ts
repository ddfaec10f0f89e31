/** To administrators, from the API itself: Rapporteur's own upkeep is not done any more, or is again. */

import { installationTitles, type InstallationPart } from '#domain/installation-part.ts'
import type { Locale } from '#domain/locale.ts'
import { pagePaths } from '#domain/page-paths.ts'
import type { Formats } from './formats.ts'
import type { Block } from './mail-content.ts'
import type { NoticeMailWords } from './notice-mail-words.ts'

/** What is wrong besides, in technical words. `temporal`: it does not answer. */
export interface SweepFault {
  part: InstallationPart | 'temporal'
  detail: string
}

export type SweepNotice =
  | { kind: 'sweep_late'; sweptAt: Date; faults: readonly SweepFault[] }
  | { kind: 'sweep_again'; sweptAt: Date }

interface Setting {
  say: NoticeMailWords
  formats: Formats
  locale: Locale
  publicUrl: string
}

export function sweepNotice(notice: SweepNotice, { say, formats, locale, publicUrl }: Setting) {
  const words = say[notice.kind]
  const title = (part: SweepFault['part']) =>
    part === 'temporal' ? say.sweep_late.temporal : installationTitles[part][locale]
  const isLate = notice.kind === 'sweep_late'
  const faults = isLate ? notice.faults.map(({ part, detail }) => ({ name: title(part), text: detail })) : []
  const blocks: Block[] = [
    { block: 'paragraph', text: words.intro },
    { block: 'facts', facts: [{ label: words.at, value: formats.moment(notice.sweptAt) }] },
    ...(faults.length > 0 ? [{ block: 'list', items: faults } as const] : []),
    ...(isLate ? [{ block: 'callout', tone: 'danger', ...say.sweep_late.advice } as const] : []),
    { block: 'button', label: words.action, url: `${publicUrl}${pagePaths.dashboard}` },
  ]
  return {
    to: 'administrator',
    tone: isLate ? 'danger' : 'success',
    subject: words.subject,
    overline: words.overline,
    title: words.title,
    preheader: words.preheader,
    blocks,
  } as const
}
