/** From what a client sent to a whole definition: defaults filled in, everything that is wrong named. */

import { Prisma } from '#prisma/client/client.ts'
import type { FieldIssue } from '#domain/problems.ts'
import type { ScheduledReportInput, TimingPreviewInput } from '#domain/schemas/scheduled-report-schema.ts'
import { definitionDefaults } from '#domain/definition-defaults.ts'
import { recipientIssues, type RecipientRules } from '#domain/schemas/recipients.ts'
import { parseTiming, unusedFieldIssues, type TimingResult } from '#domain/timing/parse-timing.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'
import { isOpenTo, type ReportDefinition } from '#catalogue/define-report.ts'
import { checkColumnsAndFilters } from '#catalogue/report-configuration.ts'
import { viewerOf, type Person } from '../http/api-env.ts'
import { invalid } from '../http/api-problem.ts'
import { timingColumns } from '#services/definitions/stored-timing.ts'
import type { TimingInput } from '#domain/timing/timing.ts'

interface Rules {
  catalogue: Catalogue
  recipients: RecipientRules
}

export type DefinitionData = Omit<
  Prisma.ScheduledReportUncheckedCreateInput,
  'id' | 'ownerId' | 'filters'
> & {
  filters: Prisma.InputJsonObject
}

/**
 * @param owner whom the report runs as: their access decides, and their zone and language are the defaults.
 * @throws ApiProblem `validation_failed` with every field that is wrong.
 */
export function completeDefinition(input: ScheduledReportInput, owner: Person, rules: Rules): DefinitionData {
  const definition = usableType(input.type, owner, rules.catalogue)
  const whole = { ...definitionDefaults, ...input }
  const filters = whole.filters_json ?? {}
  const timing = timingInputFrom(input, owner.timeZone)
  const parsed = readTiming(timing)
  const issues: FieldIssue[] = [
    ...(definition
      ? checkColumnsAndFilters(definition, { columns: input.columns, filters })
      : [unknownType(input.type)]),
    ...(parsed.ok ? [] : parsed.issues),
    ...recipientIssues(input.recipients, rules.recipients),
  ]
  if (issues.length > 0 || !definition || !parsed.ok) throw invalid(issues)
  return {
    name: input.name,
    type: definition.key,
    ...timingColumns(timing, parsed.timing),
    recipients: input.recipients,
    format: input.format,
    csv: whole.csv ? { ...whole.csv } : Prisma.DbNull,
    columns: input.columns ?? defaultColumns(definition),
    filters,
    locale: input.locale ?? owner.locale,
    enabled: whole.enabled,
    missedRuns: whole.missed_runs,
    onlyIfRows: whole.only_if_rows,
    spreadMinutes: whole.spread_minutes,
    pauseAfterFailures: whole.pause_after_failures,
    subject: input.subject || null,
    message: input.message || null,
  }
}

/** A type that exists and that this person, or their key, may use; to one who may not, it does not exist. */
export function usableType(
  key: string,
  person: Person,
  catalogue: Catalogue,
  onFault?: (error: unknown) => void,
): ReportDefinition | null {
  const definition = catalogue.get(key)
  if (!definition || !isOpenTo(definition, viewerOf(person), onFault)) return null
  // What tells of the product itself tells of people: as a report it takes the scope that it takes otherwise.
  const isOpenToKey = definition.reads !== 'product' || (person.keyScopes?.includes('people:write') ?? true)
  return isOpenToKey ? definition : null
}

/** The owner of a definition, as the caller acts for them: a key that is too narrow stays so. */
export function ownerAs(caller: Person, owner: Person): Person {
  return caller.keyScopes ? { ...owner, keyScopes: caller.keyScopes } : owner
}

export function unknownType(key: string): FieldIssue {
  return {
    path: 'type',
    message: {
      fr: `Le type de rapport « ${key} » n’existe pas, ou vous n’y avez pas accès.`,
      en: `The report type "${key}" does not exist, or you have no access to it.`,
    },
  }
}

export function defaultColumns(definition: ReportDefinition): string[] {
  return definition.columns.filter((column) => column.default).map((column) => column.key)
}

/** Every field that is given is checked, also where the frequency does not look at it. */
export function readTiming(input: TimingInput): TimingResult {
  const parsed = parseTiming(input)
  const unused = unusedFieldIssues(input)
  if (unused.length === 0) return parsed
  return { ok: false, issues: [...(parsed.ok ? [] : parsed.issues), ...unused] }
}

/** What the client gave, unchecked; its zone is `timeZone` unless given. */
export function timingInputFrom(input: Omit<TimingPreviewInput, 'locale'>, timeZone: string): TimingInput {
  return {
    frequency: input.frequency,
    time: input.time,
    weekdays: input.weekdays,
    monthDay: input.month_day === undefined ? undefined : String(input.month_day),
    cronExpression: input.cron_expression,
    timeZone: input.time_zone ?? timeZone,
  }
}
