/** Derives from a report's row what the catalogue needs: its type, the person it runs as, resolved filters. */

import { csvChoicesOf } from '#config/csv-variables.ts'
import { csvOptionsOf, type CsvChoices, type CsvOptions } from '#domain/csv-options.ts'
import type { FilterValue } from '#domain/filter-values.ts'
import { matchLocale } from '#domain/locale.ts'
import { mayRun, viewerFrom } from '#domain/viewer.ts'
import type { Prisma, PrismaClient, Report, User } from '#prisma/client/client.ts'
import { sourceOf } from '#adapters/source/source.ts'
import { mayUse, type ReportDefinition } from '#catalogue/define-report.ts'
import type { DescribedFilter } from '#catalogue/describe-filters.ts'
import { filtersInWords } from '#catalogue/filters-in-words.ts'
import type { OptionSource } from '#catalogue/list-options.ts'
import { ReportConfigurationError } from '#catalogue/report-configuration.ts'
import { resolveFilters } from '#catalogue/resolve-filters.ts'
import { activityFailure } from '../activity-failure.ts'
import type { ActivityContext } from '../activity-context.ts'

/** @throws report_type_unknown when the catalogue no longer has the type. */
export function definitionOf(
  context: ActivityContext,
  row: Pick<Report, 'type' | 'locale'>,
): ReportDefinition {
  const definition = context.catalogue.get(row.type)
  if (definition) return definition
  throw activityFailure('report_type_unknown', {
    locale: matchLocale(row.locale),
    cause: new Error(`No type ${row.type}`),
  })
}

/**
 * Filters with their periods made absolute, from the *scheduled* time: a late, relaunched or backfilled report covers
 * its own period. Filters that the catalogue no longer accepts stay as they are: opening a report must always succeed,
 * and `generate` reports the fault.
 */
export function resolveReportFilters(context: ActivityContext, row: Report): Prisma.InputJsonObject {
  const filters = row.filters as Prisma.InputJsonObject
  const definition = context.catalogue.get(row.type)
  if (!definition) return filters
  try {
    return resolveFilters(definition, filters, momentOf(row)) as Prisma.InputJsonObject
  } catch (error) {
    if (error instanceof ReportConfigurationError) return filters
    throw error
  }
}

/** Of an opened report its own, all of them; before, what was chosen over what the installation says now. */
export function csvOptionsOfReport(
  { environment }: Pick<ActivityContext, 'environment'>,
  row: Pick<Report, 'locale' | 'csv'>,
): CsvOptions {
  return csvOptionsOf(matchLocale(row.locale), csvChoicesOf(environment), row.csv as CsvChoices | null)
}

/** The filters of an opened report, in words. */
export function reportFiltersInWords(
  context: ActivityContext,
  row: Pick<Report, 'type' | 'locale' | 'timeZone' | 'resolvedFilters'> & { owner: User },
): Promise<DescribedFilter[]> {
  const definition = definitionOf(context, row)
  const { timeZone } = row
  const of = sourceOf({ source: context.source, product: context.productSource }, definition)
  const source: OptionSource = { rows: (query) => of.rows(query, { timeZone }) }
  return filtersInWords(source, definition, {
    filters: (row.resolvedFilters ?? {}) as Record<string, FilterValue>,
    viewer: viewerFrom(row.owner),
    locale: matchLocale(row.locale),
  })
}

/** The time that a report's relative periods count from. */
export function momentOf(row: Pick<Report, 'scheduledFor' | 'requestedAt' | 'timeZone'>): {
  at: Date
  timeZone: string
} {
  return { at: row.scheduledFor ?? row.requestedAt, timeZone: row.timeZone }
}

/**
 * Whether the owner exists, is active, and may see this type's data. True for a type that is unknown or whose own
 * access code throws: opening a report must always succeed, and `generate` reports the fault.
 */
export async function mayStillSee(
  context: ActivityContext,
  row: Pick<Report, 'ownerId' | 'type' | 'scheduledReportId'>,
): Promise<boolean> {
  const owner = await findOwner(context.prisma, row.ownerId)
  return owner !== null && mayOwnerSee(context, owner, row)
}

/** The same for an owner whose row was read just now. */
export function mayOwnerSee(
  context: Pick<ActivityContext, 'catalogue'>,
  owner: User,
  row: Pick<Report, 'type' | 'scheduledReportId'>,
): boolean {
  const definition = context.catalogue.get(row.type)
  if (!mayRun(owner, row)) return false
  if (!definition) return true
  try {
    return mayUse(definition, viewerFrom(owner))
  } catch {
    return true
  }
}

export function findOwner(prisma: PrismaClient, ownerId: string): Promise<User | null> {
  return prisma.user.findUnique({ where: { id: ownerId } })
}
