/** The mail that brings a report to one recipient: the file attached, or a link to it when it is too large. */

import type { Locale } from '#domain/locale.ts'
import type { FileFormat } from '#domain/report-status.ts'
import { createFormats } from './formats.ts'
import { subjectLine, type Block, type Fact, type FooterLine, type RenderedMail } from './mail-content.ts'
import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'
import { reportMailWords } from './report-mail-words.ts'

export interface ReportMailInput {
  locale: Locale
  report: {
    number: number
    /** The report type's title, in the mail's language. */
    title: string
    /** The scheduled report's name; none for a report that was asked for once. */
    name?: string
    /** In words, see `formatPeriod`. */
    period?: string
    /** In words, see `describeFilters`. */
    filters: readonly Fact[]
    rowCount: number
    format: FileFormat
    fileName: string
    sizeBytes: number
    generatedAt: Date
    timeZone: string
    /** The occurrence's nominal time; none for a report that was asked for. */
    scheduledFor?: Date
    /** The name of the person who scheduled it or asked for it. */
    requestedBy: string
  }
  delivery:
    | { kind: 'attachment' }
    | { kind: 'link'; url: string; expiresAt: Date; reason: 'over_limit'; limitBytes?: number }
  /** Words of the person who set the report up; plain text. */
  subject?: string
  message?: string
  publicUrl: string
  unsubscribeUrl?: string
  /** Sent to its owner alone, to see how it looks. */
  isTest?: boolean
}

export async function renderReportMail(input: ReportMailInput): Promise<RenderedMail> {
  const { locale, report, delivery, publicUrl, unsubscribeUrl, isTest = false } = input
  const say = reportMailWords[locale]
  const formats = createFormats(locale, report.timeZone)
  const rows = formats.plural(report.rowCount, ...pair(say.rows))
  const size = formats.size(report.sizeBytes)
  const generatedAt = formats.moment(report.generatedAt)
  const scheduledFor = report.scheduledFor && formats.moment(report.scheduledFor)
  const ownSubject = subjectLine(input.subject ?? '')
  const plainSubject = ownSubject || say.subject(report.number, report.title, report.period)
  const message = input.message?.trim() ?? ''

  const facts: Fact[] = [
    ...(report.name && report.name !== report.title ? [{ label: say.facts.name, value: report.name }] : []),
    ...report.filters,
    { label: say.facts.rows, value: formats.number(report.rowCount) },
    { label: say.facts.file, value: `${report.fileName} (${size})` },
    // Shown only where it differs from the time of generation as written.
    ...(scheduledFor && scheduledFor !== generatedAt
      ? [{ label: say.facts.scheduledFor, value: scheduledFor }]
      : []),
    { label: say.facts.generatedAt, value: generatedAt },
  ]
  const intro = (delivery.kind === 'attachment' ? say.attached : say.linked)(
    rows,
    say.fileKind(report.format),
  )
  const blocks: Block[] = [
    ...(isTest ? [{ block: 'callout', tone: 'warning', ...say.test } as const] : []),
    ...(message ? [{ block: 'quote', text: message, by: say.quoteBy(report.requestedBy) } as const] : []),
    ...(report.rowCount === 0
      ? [{ block: 'callout', tone: 'neutral', ...say.empty } as const]
      : [{ block: 'paragraph', text: intro } as const]),
    ...(delivery.kind === 'link'
      ? ([
          {
            block: 'callout',
            tone: 'warning',
            title: say.overLimit.title,
            text: say.overLimit.text(
              size,
              delivery.limitBytes === undefined ? undefined : formats.size(delivery.limitBytes),
            ),
          },
          {
            block: 'button',
            label: say.download(size),
            url: delivery.url,
            note: say.expires(formats.moment(delivery.expiresAt)),
          },
        ] as const)
      : []),
    { block: 'facts', facts },
  ]
  // Without a scheduled report, the link is about what this person sends by hand.
  const unsubscribeLabel = report.name
    ? say.footer.unsubscribe
    : say.footer.unsubscribeFrom(report.requestedBy)
  const footer: FooterLine[] = [
    { text: (report.name ? say.footer.scheduledBy : say.footer.requestedBy)(report.requestedBy) },
    ...(unsubscribeUrl
      ? [{ text: say.footer.stop, link: { label: unsubscribeLabel, url: unsubscribeUrl } }]
      : []),
    { text: say.footer.automatic(report.number), link: { label: say.footer.open, url: publicUrl } },
  ]
  const content = {
    locale,
    tone: 'neutral',
    subject: subjectLine(isTest ? say.testSubject(plainSubject) : plainSubject),
    preheader: say.preheader(rows, delivery.kind === 'attachment' ? say.attachedShort : say.linkedShort),
    overline: say.overline(report.number),
    title: report.title,
    ...(report.period ? { subtitle: report.period } : {}),
    blocks,
    footer,
  } as const
  return { subject: content.subject, html: await renderHtml(content), text: renderText(content) }
}

function pair([one = '', other = '']: readonly string[]): [string, string] {
  return [one, other]
}
