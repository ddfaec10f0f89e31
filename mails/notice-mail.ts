/** The notices to a report's owner, or to the administrators. */

import { pagePaths } from '#domain/page-paths.ts'
import type { Locale } from '#domain/locale.ts'
import type { ReportPhase } from '#domain/report-status.ts'
import { createFormats, type Formats } from './formats.ts'
import {
  subjectLine,
  type Block,
  type Fact,
  type FooterLine,
  type MailContent,
  type RenderedMail,
} from './mail-content.ts'
import { noticeMailWords, type NoticeMailWords } from './notice-mail-words.ts'
import { refusal, type RefusalNotice } from './refusal-notice.ts'
import { reportsStuck, type ReportsStuckNotice } from './reports-stuck-notice.ts'
import { sweepNotice, type SweepNotice } from './sweep-notice.ts'
import { ownerGone, type OwnerGoneNotice } from './owner-gone-notice.ts'
import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'

/** A recipient that the mail server refused; `response` is its reply, null when there was none. */
export interface RefusedRecipient {
  email: string
  response: string | null
}

/** About one report. The others are `InstallationNotice`. */
export type Notice =
  /** To the owner: the attempts are used up, or another one could not help. */
  | {
      kind: 'report_failed'
      phase: ReportPhase
      /** A sentence for people, see domain/failures.ts. */
      reason: string
      attempts: number
      failedAt: Date
      /** Failures in a row of the scheduled report, this one included. */
      failedInARow?: number
      /** The scheduled report was paused because of them. */
      isPaused?: boolean
      /** The file exists, but no recipient could be reached. */
      fileReady: boolean
      refused?: readonly RefusedRecipient[]
    }
  /** To the owner. `delivered` counts those who have it; the `uncertain` perhaps do, and are not among the refused. */
  | {
      kind: 'partly_delivered'
      delivered: number
      refused: readonly RefusedRecipient[]
      uncertain?: readonly string[]
    }
  /** To the administrators. */
  | {
      kind: 'failing_repeatedly'
      failedInARow: number
      isPaused?: boolean
      phase: ReportPhase
      reason: string
      failedAt: Date
      refused?: readonly RefusedRecipient[]
      /** The owner's name and address, as a person reads them. */
      owner: string
      /** The run in Temporal Web. */
      temporalUrl?: string
    }
  /** To those who were told of the failures. `isPaused`: nothing comes until a person resumes it. */
  | { kind: 'recovered'; failedInARow: number; to: 'owner' | 'administrator'; isPaused?: boolean }
  /** To the owner. `remaining`: the addresses still subscribed. */
  | { kind: 'recipient_unsubscribed'; recipient: string; remaining: readonly string[] }

/** The report a notice is about. */
interface NoticeReport {
  number: number
  title: string
  /** The scheduled report's name and id; none for a report that was asked for. */
  name?: string
  scheduledReportId?: string
  scheduledFor?: Date
}

/** About no single report: to the administrators. */
type InstallationNotice = OwnerGoneNotice | RefusalNotice | ReportsStuckNotice | SweepNotice

export type NoticeMailInput = {
  locale: Locale
  timeZone: string
  publicUrl: string
  /** Who « le service informatique » is: SUPPORT_CONTACT. */
  supportContact?: string
} & ({ notice: Notice; report: NoticeReport } | { notice: InstallationNotice; report?: undefined })

type NoticeContent = Pick<MailContent, 'tone' | 'subject' | 'preheader' | 'title'> & {
  blocks: Block[]
  to: 'owner' | 'administrator'
}

interface Setting {
  say: NoticeMailWords
  formats: Formats
  report: NoticeReport
  /** « Mes Rapports ». */
  reportsUrl: string
  /** The scheduled report's deliveries; « Mes Rapports » when there is no scheduled report. */
  deliveriesUrl: string
}

export async function renderNoticeMail(input: NoticeMailInput): Promise<RenderedMail> {
  const { locale, publicUrl, supportContact } = input
  const say = noticeMailWords[locale]
  const formats = createFormats(locale, input.timeZone)
  const { to, ...rest } = input.report
    ? aboutReport(input.notice, { say, formats, report: input.report, ...addresses(input.report, publicUrl) })
    : input.notice.kind === 'owner_gone'
      ? ownerGone(input.notice, { say, formats, publicUrl })
      : input.notice.kind === 'reports_stuck'
        ? reportsStuck(input.notice, { say, formats, locale, publicUrl })
        : input.notice.kind === 'sweep_late' || input.notice.kind === 'sweep_again'
          ? sweepNotice(input.notice, { say, formats, locale, publicUrl })
          : refusal(input.notice, say, publicUrl)
  const footer: FooterLine[] = [
    { text: say.footer[to] },
    ...(supportContact ? [{ text: say.footer.support(supportContact) }] : []),
    {
      text: input.report ? say.footer.automatic(input.report.number) : say.footer.unnumbered,
      link: { label: say.footer.open, url: publicUrl },
    },
  ]
  const content: MailContent = { locale, ...rest, subject: subjectLine(rest.subject), footer }
  return { subject: content.subject, html: await renderHtml(content), text: renderText(content) }
}

function addresses({ scheduledReportId }: NoticeReport, publicUrl: string) {
  const reportsUrl = `${publicUrl}${pagePaths.reports}`
  const deliveriesUrl = scheduledReportId
    ? `${publicUrl}${pagePaths.scheduledReport(scheduledReportId)}`
    : reportsUrl
  return { reportsUrl, deliveriesUrl }
}

function aboutReport(notice: Notice, setting: Setting) {
  const { say, report } = setting
  return { ...contentOf(notice, setting), overline: say.number(report.number), subtitle: report.title }
}

function contentOf(notice: Notice, setting: Setting): NoticeContent {
  switch (notice.kind) {
    case 'report_failed':
      return reportFailed(notice, setting)
    case 'partly_delivered':
      return partlyDelivered(notice, setting)
    case 'failing_repeatedly':
      return failingRepeatedly(notice, setting)
    case 'recovered':
      return recovered(notice, setting)
    case 'recipient_unsubscribed':
      return recipientUnsubscribed(notice, setting)
  }
}

type NoticeOf<Kind extends Notice['kind']> = Extract<Notice, { kind: Kind }>

function reportFailed(
  notice: NoticeOf<'report_failed'>,
  { say, formats, report, reportsUrl }: Setting,
): NoticeContent {
  const { failedInARow = 0 } = notice
  const words = say.report_failed
  const phase = say.phases[notice.phase]
  const refused = notice.refused ?? []
  return {
    to: 'owner',
    tone: 'danger',
    subject: words.subject(report.number, report.title),
    title: words.title,
    preheader: words.preheader(phase),
    blocks: [
      { block: 'paragraph', text: words.intro(phase, counted(formats, notice.attempts, say.nouns.attempt)) },
      { block: 'callout', tone: 'danger', title: say.why, text: notice.reason },
      ...(refused.length > 0 ? [refusals(refused, say)] : []),
      ...(notice.isPaused ? [paused(say.paused(failures(failedInARow, formats, say)))] : []),
      {
        block: 'button',
        label: words.action,
        url: reportsUrl,
        note: notice.fileReady ? `${words.note} ${words.fileReady}` : words.note,
      },
      {
        block: 'facts',
        facts: [
          ...origin(report, say, formats),
          { label: say.facts.failedAt, value: formats.moment(notice.failedAt) },
          ...(failedInARow > 1 ? [{ label: say.facts.failedInARow, value: String(failedInARow) }] : []),
        ],
      },
    ],
  }
}

function partlyDelivered(
  notice: NoticeOf<'partly_delivered'>,
  { say, formats, report, reportsUrl }: Setting,
): NoticeContent {
  const { delivered, refused, uncertain = [] } = notice
  const facts = origin(report, say, formats)
  const sent = counted(formats, delivered, say.nouns.recipient)
  const perhaps = say.perhaps_received
  const missed = refused.length + uncertain.length
  const list = uncertain.map((email) => ({ name: email, text: perhaps.mark }))
  const shared = { to: 'owner', tone: 'warning' } as const
  const end: Block[] = [
    { block: 'button', label: say.partly_delivered.action, url: reportsUrl },
    ...(facts.length > 0 ? [{ block: 'facts', facts } as const] : []),
  ]
  if (refused.length === 0 && uncertain.length > 0) {
    return {
      ...shared,
      subject: perhaps.subject(report.number, report.title),
      title: perhaps.title,
      preheader: perhaps.preheader(counted(formats, uncertain.length, say.nouns.recipient)),
      blocks: [
        { block: 'paragraph', text: perhaps.intro(sent) },
        { block: 'list', items: list },
        { block: 'callout', tone: 'warning', ...perhaps.advice },
        ...end,
      ],
    }
  }
  const words = say.partly_delivered
  return {
    ...shared,
    subject: words.subject(report.number, report.title),
    title: words.title,
    preheader: words.preheader(refused.length, missed + delivered),
    blocks: [
      { block: 'paragraph', text: words.intro(sent) },
      refusals(refused, say),
      { block: 'callout', tone: 'warning', ...words.advice },
      ...(list.length > 0
        ? ([
            { block: 'paragraph', text: perhaps.also },
            { block: 'list', items: list },
            { block: 'callout', tone: 'warning', ...perhaps.advice },
          ] as const)
        : []),
      ...end,
    ],
  }
}

function failingRepeatedly(notice: NoticeOf<'failing_repeatedly'>, setting: Setting): NoticeContent {
  const { say, formats, report, deliveriesUrl } = setting
  const words = say.failing_repeatedly
  const refused = notice.refused ?? []
  const times = failures(notice.failedInARow, formats, say)
  return {
    to: 'administrator',
    tone: 'danger',
    subject: (notice.isPaused ? words.subjectPaused : words.subject)(times, report.number, report.title),
    title: words.title(times),
    preheader: words.preheader(notice.owner),
    blocks: [
      { block: 'paragraph', text: words.intro(times, say.phases[notice.phase]) },
      { block: 'callout', tone: 'danger', title: say.why, text: notice.reason },
      ...(refused.length > 0 ? [refusals(refused, say)] : []),
      ...(notice.isPaused ? [paused(say.paused(times))] : []),
      { block: 'button', label: words.action, url: deliveriesUrl },
      {
        block: 'facts',
        facts: [
          { label: say.facts.owner, value: notice.owner },
          ...origin(report, say, formats),
          { label: say.facts.failedAt, value: formats.moment(notice.failedAt) },
        ],
      },
      ...(notice.temporalUrl
        ? [{ block: 'link', label: words.inspect, url: notice.temporalUrl } as const]
        : []),
    ],
  }
}

function recovered(
  notice: NoticeOf<'recovered'>,
  { say, formats, report, deliveriesUrl }: Setting,
): NoticeContent {
  const words = say.recovered
  const facts = origin(report, say, formats)
  const intro = words.intro(failures(notice.failedInARow, formats, say))
  const rest = notice.isPaused ? words.stillPaused : words.nothingToDo
  return {
    to: notice.to,
    tone: notice.isPaused ? 'warning' : 'success',
    subject: words.subject(report.number, report.title),
    title: rest.title,
    preheader: rest.preheader,
    blocks: [
      { block: 'paragraph', text: notice.isPaused ? intro : `${intro} ${words.nothingToDo.text}` },
      ...(notice.isPaused ? [paused(words.stillPaused.callout)] : []),
      { block: 'button', label: words.action, url: deliveriesUrl },
      ...(facts.length > 0 ? [{ block: 'facts', facts } as const] : []),
    ],
  }
}

function recipientUnsubscribed(notice: NoticeOf<'recipient_unsubscribed'>, setting: Setting): NoticeContent {
  const { say, formats, report, deliveriesUrl } = setting
  const words = say.recipient_unsubscribed
  const nobodyLeft = notice.remaining.length === 0
  return {
    to: 'owner',
    tone: nobodyLeft ? 'warning' : 'neutral',
    subject: words.subject(notice.recipient, report.name ?? report.title),
    title: words.title,
    preheader: nobodyLeft
      ? words.nobodyLeft.title
      : words.preheader(counted(formats, notice.remaining.length, say.nouns.recipient)),
    blocks: [
      { block: 'paragraph', text: words.intro(notice.recipient, report.number) },
      ...(nobodyLeft ? [{ block: 'callout', tone: 'warning', ...words.nobodyLeft } as const] : []),
      { block: 'button', label: words.action, url: deliveriesUrl },
      {
        block: 'facts',
        facts: [
          ...(report.name ? [{ label: say.facts.name, value: report.name }] : []),
          ...(nobodyLeft ? [] : [{ label: say.facts.remaining, value: notice.remaining.join('\n') }]),
        ],
      },
    ],
  }
}

function origin(report: NoticeReport, say: NoticeMailWords, formats: Formats): Fact[] {
  return [
    ...(report.name ? [{ label: say.facts.name, value: report.name }] : []),
    ...(report.scheduledFor
      ? [{ label: say.facts.scheduledFor, value: formats.moment(report.scheduledFor) }]
      : []),
  ]
}

function refusals(refused: readonly RefusedRecipient[], say: NoticeMailWords): Block {
  return {
    block: 'list',
    items: refused.map(({ email, response }) => ({ name: email, text: response ?? say.noReply })),
  }
}

function paused({ title, text }: { title: string; text: string }): Block {
  return { block: 'callout', tone: 'warning', title, text }
}

/** « 3 échecs de suite ». */
function failures(times: number, formats: Formats, { nouns }: NoticeMailWords): string {
  return counted(formats, times, nouns.failureInARow)
}

function counted(formats: Formats, count: number, [one = '', other = '']: readonly string[]): string {
  return formats.plural(count, one, other)
}
