/** Scheduled reports as YAML: what is kept in git, one document of many, in the API's own words. */

import { isDeepStrictEqual } from 'node:util'
import { isMap, LineCounter, parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { definitionDefaults } from '#domain/definition-defaults.ts'
import type { Locale } from '#domain/locale.ts'
import { fieldIssues } from '#domain/schemas/field-issues.ts'
import {
  scheduledReportInputSchema,
  type ScheduledReportInput,
  type ScheduledReportJson,
} from '#domain/schemas/scheduled-report-schema.ts'
import { CommandError } from './command-error.ts'

/** What of a scheduled report is its definition, in the order in which files have it. */
const fields = [
  'name',
  'type',
  'enabled',
  'frequency',
  'time',
  'weekdays',
  'month_day',
  'cron_expression',
  'time_zone',
  'recipients',
  'format',
  'csv',
  'columns',
  'filters_json',
  'locale',
  'subject',
  'message',
  'only_if_rows',
  'missed_runs',
  'spread_minutes',
  'pause_after_failures',
] as const
export type DefinitionField = (typeof fields)[number]

/** One of a file. */
export type Definition = ScheduledReportInput & { id?: string }

const { format: _format, frequency: _frequency, ...leftOut } = definitionDefaults
/** The API wants format and frequency said. */
const defaults: Readonly<Partial<Record<DefinitionField, unknown>>> = {
  ...leftOut,
  cron_expression: null,
  subject: null,
  message: null,
}
/** Left out, they stay as they are; of a new one they are its owner's, its type's, and enabled. */
const staying: readonly DefinitionField[] = ['enabled', 'time_zone', 'columns', 'locale']
/** Kept by the service, and of no effect, where the frequency is another. */
const timingOf: Readonly<Record<string, readonly DefinitionField[]>> = {
  daily: ['time'],
  weekly: ['time', 'weekdays'],
  monthly: ['time', 'month_day'],
  custom: ['cron_expression'],
}
const timingFields = new Set(Object.values(timingOf).flat())

/** Sorted by name, so that a commit shows what changed. */
export function toYaml(definitions: readonly ScheduledReportJson[], url: string): string {
  const { compare } = new Intl.Collator('en')
  const sorted = [...definitions].sort(
    (one, other) => compare(one.name, other.name) || (one.id < other.id ? -1 : 1),
  )
  const entries = sorted.map((definition) => ({
    id: definition.id,
    ...Object.fromEntries(
      fields
        .filter((field) => counts(field, definition) && !isDefault(field, definition))
        .map((field) => [field, definition[field]]),
    ),
  }))
  return `# Scheduled reports of ${url}: npx rapporteur definitions apply FILE\n${stringify({ definitions: entries }, { lineWidth: 0 })}`
}

/** `enabled` is always said: a pause is what people look for. */
function isDefault(field: DefinitionField, definition: ScheduledReportJson): boolean {
  if (staying.includes(field)) return false
  return field in defaults && isDeepStrictEqual(definition[field], defaults[field])
}

function counts(field: DefinitionField, { frequency }: { frequency: string }): boolean {
  return !timingFields.has(field) || (timingOf[frequency]?.includes(field) ?? false)
}

/**
 * The definitions of a file.
 * @param name of the file, for what is wrong.
 * @throws CommandError that names each wrong field with its line.
 */
export function fromYaml(text: string, name: string, locale: Locale): Definition[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [error] = document.errors
  if (error)
    throw new CommandError(`${name}:${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`)
  const whole = z.strictObject({ definitions: z.array(z.unknown()) }).safeParse(document.toJS())
  if (!whole.success) throw new CommandError(`${name}: a list "definitions:" is expected, and nothing else`)
  const at = (path: readonly (string | number)[]) => {
    const node = document.getIn(['definitions', ...path], true)
    const range =
      typeof node === 'object' && node !== null && 'range' in node ? (node.range as number[] | null) : null
    return lines.linePos(range?.[0] ?? 0).line
  }
  const faults: string[] = []
  const seen = new Map<string, number>()
  const definitions = whole.data.definitions.map((entry, index) => {
    const parsed = entrySchema.safeParse(entry)
    if (!parsed.success) {
      for (const { path, message } of fieldIssues(parsed.error, entry)) {
        const keys = path === '' ? [] : path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key))
        const isThere = document.hasIn(['definitions', index, ...keys])
        faults.push(
          `${name}:${at(isThere ? [index, ...keys] : [index])}: ${path === '' ? '' : `${path}: `}${message[locale]}`,
        )
      }
      return null
    }
    const first = seen.get(parsed.data.name)
    if (first !== undefined)
      faults.push(`${name}:${at([index])}: "${parsed.data.name}" is the name of line ${first}, too`)
    seen.set(parsed.data.name, at([index]))
    return parsed.data
  })
  if (!isMap(document.contents) || faults.length > 0) throw new CommandError(faults.join('\n'))
  return definitions.filter((one) => one !== null)
}

/** What the service decides has no place in a file, but the id. */
const entrySchema = scheduledReportInputSchema
  .pick(Object.fromEntries(fields.map((field) => [field, true])) as Record<DefinitionField, true>)
  .extend({ id: z.uuid().optional() })

export interface FieldChange {
  field: DefinitionField
  from: unknown
  to: unknown
}

/** What a file says otherwise than the service; empty when nothing is. */
export function changesOf(wanted: Definition, present: ScheduledReportJson): FieldChange[] {
  return fields
    .filter((field) => counts(field, wanted) && !(staying.includes(field) && wanted[field] === undefined))
    .map((field) => ({
      field,
      from: present[field] as unknown,
      to: wanted[field] ?? defaults[field] ?? null,
    }))
    .filter(({ field, from, to }) => !isDeepStrictEqual(normal(field, from), normal(field, to)))
}

/** As the service keeps it. */
function normal(field: DefinitionField, value: unknown): unknown {
  if (field === 'recipients') return (value as string[]).map((email) => email.trim().toLowerCase())
  if (field === 'weekdays') return [...(value as number[])].sort((one, other) => one - other)
  if (field === 'month_day') return String(value)
  return value ?? null
}

/** The body of a PUT or POST. */
export function bodyOf(
  { id: _id, ...wanted }: Definition,
  present?: ScheduledReportJson,
): ScheduledReportInput {
  if (!present) return wanted
  const kept = staying.filter((field) => wanted[field] === undefined).map((field) => [field, present[field]])
  return { ...Object.fromEntries(kept), ...wanted } as ScheduledReportInput
}
