/** The fields of a draft in words, to be compared by a person. */

import { describeTiming } from '#domain/timing/describe-timing.ts'
import { parseTiming } from '#domain/timing/parse-timing.ts'
import type { ReportType } from '../../api.ts'
import { formatList } from '../../format.ts'
import { locale, t } from '../../i18n.ts'
import { csvWords } from '../../csv/csv-words.ts'
import { filterSentences } from '../../filters/filter-words.ts'
import { differingFields, type Draft, type DraftField } from './definition-draft.ts'

/** Fields that are decided upon together, and what they are called. */
const groups: readonly { label: () => string; fields: readonly DraftField[] }[] = [
  { label: () => t('modal.name'), fields: ['name'] },
  // Columns and filters mean nothing under another type.
  { label: () => t('modal.type'), fields: ['type'] },
  { label: () => t('modal.format'), fields: ['format'] },
  { label: () => t('csv.title'), fields: ['csv'] },
  {
    label: () => t('modal.frequency'),
    fields: ['frequency', 'time', 'weekdays', 'month_day', 'cron_expression', 'time_zone'],
  },
  { label: () => t('modal.recipients'), fields: ['recipients'] },
  { label: () => t('modal.columns'), fields: ['columns'] },
  { label: () => t('modal.filters'), fields: ['filters_json'] },
  { label: () => t('modal.spread'), fields: ['spread_minutes'] },
  { label: () => t('modal.missed_runs'), fields: ['missed_runs'] },
  { label: () => t('modal.pause_after'), fields: ['pause_after_failures'] },
  { label: () => t('modal.only_if_rows'), fields: ['only_if_rows'] },
  { label: () => t('modal.subject'), fields: ['subject'] },
  { label: () => t('modal.message'), fields: ['message'] },
  { label: () => t('modal.language'), fields: ['locale'] },
  { label: () => t('modal.enabled'), fields: ['enabled'] },
]

export interface Difference {
  label: string
  fields: readonly DraftField[]
  mine: string
  theirs: string
}

/** What differs between two drafts, each side in words. */
export function draftDifferences(mine: Draft, theirs: Draft, types: readonly ReportType[]): Difference[] {
  const changed = differingFields(mine, theirs)
  return groups
    .filter(({ fields }) => fields.some((field) => changed.includes(field)))
    .map(({ label, fields }) => {
      const withType: readonly DraftField[] =
        fields[0] === 'type' ? ['type', 'columns', 'filters_json'] : fields
      return {
        label: label(),
        fields: withType,
        mine: words(mine, fields[0], types),
        theirs: words(theirs, fields[0], types),
      }
    })
}

/** `draft` with the fields of one difference taken from another. */
export function takeFields(draft: Draft, from: Draft, fields: readonly DraftField[]): Draft {
  return { ...draft, ...Object.fromEntries(fields.map((field) => [field, from[field]])) }
}

function words(draft: Draft, field: DraftField | undefined, types: readonly ReportType[]): string {
  const type = types.find(({ key }) => key === draft.type)
  const yesNo = (value: boolean) => (value ? t('modal.yes') : t('modal.no'))
  switch (field) {
    case 'type':
      return type?.title ?? draft.type
    case 'format':
      return t(`modal.format.${draft.format}`)
    case 'csv':
      return csvWords(draft.csv)
    case 'frequency':
      return timingWords(draft)
    case 'recipients':
      return draft.recipients.length > 0 ? formatList(draft.recipients, locale()) : t('modal.empty')
    case 'columns':
      return draft.columns
        .map((key) => type?.columns.find((column) => column.key === key)?.label ?? key)
        .join(' · ')
    case 'filters_json': {
      const sentences = type ? filterSentences(type, draft.filters_json) : []
      return sentences.length > 0 ? sentences.join(' · ') : t('modal.no_filter')
    }
    case 'missed_runs':
      return t(`modal.missed_runs.${draft.missed_runs}`)
    case 'spread_minutes':
      return spreadWords(draft.spread_minutes)
    case 'pause_after_failures':
      return draft.pause_after_failures === null
        ? t('modal.pause_after.never')
        : t('modal.pause_after.count', { count: draft.pause_after_failures })
    case 'only_if_rows':
      return yesNo(draft.only_if_rows)
    case 'enabled':
      return yesNo(draft.enabled)
    case 'locale':
      return t(`language.${draft.locale}`)
    case 'name':
    case 'subject':
    case 'message':
      return draft[field].trim() === '' ? t('modal.empty') : draft[field]
    default:
      return ''
  }
}

/** @param service what the installation does by itself, in minutes, where that is known. */
export function spreadWords(minutes: number | null, service?: number): string {
  if (minutes === null) {
    return service === undefined
      ? t('modal.spread.service')
      : t('modal.spread.service_which', { spread: lowerFirst(spreadWords(service)) })
  }
  return minutes === 0 ? t('modal.spread.exact') : t('modal.spread.minutes', { count: minutes })
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLocaleLowerCase(locale()) + text.slice(1)
}

function timingWords(draft: Draft): string {
  const parsed = parseTiming({
    frequency: draft.frequency,
    time: draft.time,
    weekdays: draft.weekdays,
    monthDay: String(draft.month_day),
    cronExpression: draft.cron_expression,
    timeZone: draft.time_zone,
  })
  return parsed.ok ? describeTiming(parsed.timing, locale()) : draft.cron_expression
}
