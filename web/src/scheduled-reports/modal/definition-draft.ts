/** What is typed into the dialog, checked by what the API checks with. */

import type { CsvChoices } from '#domain/csv-options.ts'
import { definitionDefaults } from '#domain/definition-defaults.ts'
import { checkFilterValue } from '#domain/filter-values.ts'
import type { Locale } from '#domain/locale.ts'
import { fieldIssues } from '#domain/schemas/field-issues.ts'
import { scheduledReportInputSchema } from '#domain/schemas/scheduled-report-schema.ts'
import { parseTiming } from '#domain/timing/parse-timing.ts'
import type { ReportType, ScheduledReportInput, ScheduledReportJson } from '../../api.ts'

/** Every field that a person may set, as the controls hold it. */
export interface Draft {
  name: string
  /** Empty until one is chosen. */
  type: string
  format: ScheduledReportJson['format']
  /** Null as the service says; kept while the format is another. */
  csv: CsvChoices | null
  frequency: ScheduledReportJson['frequency']
  time: string
  weekdays: readonly number[]
  month_day: ScheduledReportJson['month_day']
  cron_expression: string
  time_zone: string
  recipients: readonly string[]
  columns: readonly string[]
  filters_json: Readonly<Record<string, unknown>>
  locale: Locale
  enabled: boolean
  missed_runs: ScheduledReportJson['missed_runs']
  only_if_rows: boolean
  /** Null as the service says. */
  spread_minutes: number | null
  /** Null never. NaN while what is typed is no number. */
  pause_after_failures: number | null
  subject: string
  message: string
}

export type DraftField = keyof Draft

/** Problems by the API's paths, such as `recipients.3` or `filters_json.period`. */
export interface DraftIssue {
  path: string
  message: string
}

/** Working days at eight: what `custom` begins with. */
const proposedCron = '0 8 * * 1-5'

export function newDraft(person: { time_zone: string; locale: Locale }, given: Partial<Draft> = {}): Draft {
  return {
    ...definitionDefaults,
    name: '',
    type: '',
    cron_expression: proposedCron,
    time_zone: person.time_zone,
    recipients: [],
    columns: [],
    locale: person.locale,
    subject: '',
    message: '',
    ...given,
  }
}

export function draftOf(report: ScheduledReportJson): Draft {
  return {
    name: report.name,
    type: report.type,
    format: report.format,
    csv: report.csv,
    frequency: report.frequency,
    time: report.time,
    weekdays: report.weekdays,
    month_day: report.month_day,
    cron_expression: report.cron_expression ?? proposedCron,
    time_zone: report.time_zone,
    recipients: report.recipients,
    columns: report.columns,
    filters_json: report.filters_json,
    locale: report.locale,
    enabled: report.enabled,
    missed_runs: report.missed_runs,
    only_if_rows: report.only_if_rows,
    spread_minutes: report.spread_minutes,
    pause_after_failures: report.pause_after_failures,
    subject: report.subject ?? '',
    message: report.message ?? '',
  }
}

export function inputOf(draft: Draft): ScheduledReportInput {
  const { frequency } = draft
  return {
    ...draft,
    // What the frequency does not look at may be half edited.
    time: frequency === 'custom' ? undefined : draft.time,
    weekdays: frequency === 'weekly' ? [...draft.weekdays] : undefined,
    month_day: frequency === 'monthly' ? draft.month_day : undefined,
    recipients: [...draft.recipients],
    columns: [...draft.columns],
    filters_json: { ...draft.filters_json },
    cron_expression: draft.frequency === 'custom' ? draft.cron_expression : null,
    subject: draft.subject.trim() === '' ? null : draft.subject,
    message: draft.message.trim() === '' ? null : draft.message,
  }
}

/** What the preview of the next runs needs of it. */
export function timingOf(draft: Draft, locale: Locale) {
  const { frequency, time, weekdays, month_day, cron_expression, time_zone, spread_minutes } = draft
  return {
    frequency,
    time_zone,
    spread_minutes,
    locale,
    ...(frequency === 'custom' ? { cron_expression } : { time }),
    ...(frequency === 'weekly' ? { weekdays: [...weekdays] } : {}),
    ...(frequency === 'monthly' ? { month_day } : {}),
  }
}

/** Everything the API would refuse and that can be known here. */
export function draftIssues(draft: Draft, type: ReportType | undefined, locale: Locale): DraftIssue[] {
  const input = inputOf(draft)
  const parsed = scheduledReportInputSchema.safeParse(input)
  // Without a type there are no columns to choose from yet.
  const shape = (parsed.success ? [] : fieldIssues(parsed.error, input)).filter(
    ({ path }) => draft.type !== '' || path !== 'columns',
  )
  return [
    ...shape.map(({ path, message }) => ({ path, message: message[locale] })),
    ...timingIssues(draft, locale),
    ...filterIssues(draft, type, locale),
  ]
}

export function timingIssues(draft: Draft, locale: Locale): DraftIssue[] {
  const parsed = parseTiming({
    frequency: draft.frequency,
    time: draft.time,
    weekdays: draft.weekdays,
    monthDay: String(draft.month_day),
    cronExpression: draft.cron_expression,
    timeZone: draft.time_zone,
  })
  return parsed.ok ? [] : parsed.issues.map(({ path, message }) => ({ path, message: message[locale] }))
}

function filterIssues(draft: Draft, type: ReportType | undefined, locale: Locale): DraftIssue[] {
  return (type?.filters ?? []).flatMap(({ key, kind }) => {
    const value = draft.filters_json[key]
    if (value === undefined) return []
    const checked = checkFilterValue(kind, value)
    return checked.ok ? [] : [{ path: `filters_json.${key}`, message: checked.message[locale] }]
  })
}

/** The field that a path belongs to; undefined for one the dialog does not show. */
export function fieldOfPath(path: string, draft: Draft): DraftField | undefined {
  const name = path.split('.')[0] ?? ''
  return Object.hasOwn(draft, name) ? (name as DraftField) : undefined
}

export function sameDraft(left: Draft, right: Draft): boolean {
  return differingFields(left, right).length === 0
}

/** Fields whose values differ, in the dialog's order; timing fields that the frequency does not use do not count. */
export function differingFields(left: Draft, right: Draft): DraftField[] {
  const unused = unusedFields(left).filter((field) => unusedFields(right).includes(field))
  return (Object.keys(left) as DraftField[]).filter(
    (field) => !unused.includes(field) && canonical(left[field]) !== canonical(right[field]),
  )
}

function unusedFields({ frequency }: Draft): DraftField[] {
  const all: DraftField[] = ['time', 'weekdays', 'month_day', 'cron_expression']
  const used: Record<Draft['frequency'], DraftField[]> = {
    daily: ['time'],
    weekly: ['time', 'weekdays'],
    monthly: ['time', 'month_day'],
    custom: ['cron_expression'],
  }
  return all.filter((field) => !used[frequency].includes(field))
}

/** Text that is the same for the same value, whatever the order of an object's keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
