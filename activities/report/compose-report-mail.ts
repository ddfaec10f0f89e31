import type { Mail } from '#adapters/mail/mail-message.ts'
import { messageIdFor } from '#adapters/mail/message-id.ts'
import type { FilterValue } from '#domain/filter-values.ts'
import { matchLocale, type Locale } from '#domain/locale.ts'
import { isSameAddress } from '#domain/schemas/recipients.ts'
import { contentTypeOf } from '#domain/object-keys.ts'
import type { FileFormat } from '#domain/report-status.ts'
import type { AbsolutePeriod } from '#domain/report-type.ts'
import { formatPeriod } from '#domain/timing/format-period.ts'
import { linkGeneration } from '#services/links/link-generation.ts'
import { renderReportMail, type ReportMailInput } from '#mails/report-mail.ts'
import type { Report, ScheduledReport, User } from '#prisma/client/client.ts'
import type { ReportDefinition } from '#catalogue/define-report.ts'
import { activityFailure } from '../activity-failure.ts'
import type { ActivityContext } from '../activity-context.ts'
import { definitionOf, reportFiltersInWords } from './report-definition.ts'

export type ReportToMail = Report & { owner: User; scheduledReport: ScheduledReport | null }

/** How long a link in a mail works; « Mes Rapports » gives a new one. */
const linkLifetimeMs = 7 * 24 * 3_600_000

/** The mail of one report to one recipient, with the file attached or, above the size limit, with a link. */
export async function composeReportMail(
  context: ActivityContext,
  row: ReportToMail,
  recipient: string,
  options: { attach?: boolean } = {},
): Promise<Mail> {
  const { environment, links, mailer, storage } = context
  const locale = matchLocale(row.locale)
  const { objectKey, fileName, sizeBytes, fileAvailableAt } = row
  if (objectKey === null || fileName === null || sizeBytes === null || fileAvailableAt === null) {
    throw activityFailure('file_missing', {
      locale,
      cause: new Error(`Report ${row.number} has no artifact`),
    })
  }
  const size = Number(sizeBytes)
  const fits = size <= environment.MAIL_ATTACHMENT_LIMIT_BYTES
  const attached = fits && options.attach !== false
  const definition = definitionOf(context, row)
  const filters = (row.resolvedFilters ?? {}) as Record<string, FilterValue>
  const unsubscribeUrl = await unsubscribeUrlFor(context, row, recipient)

  const rendered = await renderReportMail({
    locale,
    report: {
      number: row.number,
      title: row.title,
      name: row.scheduledReport?.name,
      period: periodInWords(definition, filters, locale),
      filters: await reportFiltersInWords(context, row),
      rowCount: row.rowCount ?? 0,
      format: row.format as FileFormat,
      fileName,
      sizeBytes: size,
      generatedAt: fileAvailableAt,
      timeZone: row.timeZone,
      scheduledFor: row.scheduledFor ?? undefined,
      requestedBy: row.owner.name,
    },
    delivery: attached ? { kind: 'attachment' } : await downloadLink(),
    subject: row.subject ?? undefined,
    message: row.message ?? undefined,
    publicUrl: environment.PUBLIC_URL,
    unsubscribeUrl,
    isTest: row.origin === 'test',
  })
  return {
    to: recipient,
    ...rendered,
    messageId: messageIdFor(row.number, recipient, mailer.domain, { installation: environment.PUBLIC_URL }),
    reportNumber: row.number,
    unsubscribeUrl,
    ...(attached ? { attachment: await attachment(objectKey, fileName) } : {}),
  }

  async function attachment(key: string, name: string): Promise<NonNullable<Mail['attachment']>> {
    const content = await storage.read(key)
    return { fileName: name, contentType: contentTypeOf(name), content, sizeBytes: size }
  }

  async function downloadLink(): Promise<ReportMailInput['delivery']> {
    const expiresAt = new Date(Date.now() + linkLifetimeMs)
    const generation = await linkGeneration(context.prisma, row, recipient)
    const link = { number: row.number, recipient, generation, expiresAt }
    const token = await links.sign({ purpose: 'download', ...link })
    // When the mail server's own limit was exceeded, its value is unknown here.
    const limitBytes = fits ? undefined : environment.MAIL_ATTACHMENT_LIMIT_BYTES
    return {
      kind: 'link',
      url: `${environment.PUBLIC_URL}/l/${token}`,
      expiresAt,
      reason: 'over_limit',
      limitBytes,
    }
  }
}

/**
 * From a scheduled report, or from what a person sends by hand. Not from a test, nor from what a person asked for
 * themselves: such a mail answers their own click.
 */
async function unsubscribeUrlFor(
  context: ActivityContext,
  row: ReportToMail,
  recipient: string,
): Promise<string | undefined> {
  const isOwnRequest = row.scheduledReportId === null && isSameAddress(recipient, row.owner.email)
  if (isOwnRequest || row.origin === 'test') return undefined
  const token = await context.links.sign({ purpose: 'unsubscribe', number: row.number, recipient })
  return `${context.environment.PUBLIC_URL}/u/${token}`
}

function periodInWords(
  definition: ReportDefinition,
  filters: Record<string, FilterValue>,
  locale: Locale,
): string | undefined {
  const period = definition.filters.find(
    (filter) => filter.kind === 'period' && filters[filter.key] !== undefined,
  )
  return period && formatPeriod(filters[period.key] as AbsolutePeriod, locale)
}
