/** From a report's row to what the catalogue needs: its definition, the person it runs as, resolved filters. */

import type { FilterValue } from '#domain/filter-values.ts'
import { matchLocale } from '#domain/locale.ts'
import type { Viewer } from '#domain/report-type.ts'
import type { Prisma, PrismaClient, Report, User } from '#prisma/client/client.ts'
import { mayUse, type ReportDefinition } from '#reports/define-report.ts'
import { describeFilters, type DescribedFilter } from '#reports/describe-filters.ts'
import { optionLabels } from '#reports/list-options.ts'
import { ReportConfigurationError } from '#reports/report-configuration.ts'
import { resolveFilters } from '#reports/resolve-filters.ts'
import { activityFailure } from './activity-failure.ts'
import type { ActivityContext } from './activity-context.ts'

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
 * Filters with their periods made absolute, from the *scheduled* time: a late, relaunched or backfilled report
 * covers its own period. What the catalogue no longer knows keeps its filters as they are: opening a report must
 * always succeed, and `generate` says what is wrong.
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

/**
 * The filters in words, choices by their label. A source that cannot be asked for the labels just now costs the
 * labels, not the mail.
 */
export async function filtersInWords(
  context: ActivityContext,
  row: Pick<Report, 'type' | 'locale' | 'resolvedFilters'> & { owner: User },
): Promise<DescribedFilter[]> {
  const definition = definitionOf(context, row)
  const filters = (row.resolvedFilters ?? {}) as Record<string, FilterValue>
  const labels = await optionLabels(context.source, definition, filters, viewerOf(row.owner)).catch(
    () => ({}),
  )
  return describeFilters(definition, filters, matchLocale(row.locale), labels)
}

export function viewerOf(user: User): Viewer {
  return {
    id: user.id,
    role: user.role === 'admin' ? 'admin' : 'user',
    attributes: user.attributes as Viewer['attributes'],
  }
}

/** The time a report's relative periods count from. */
export function momentOf(row: Pick<Report, 'scheduledFor' | 'requestedAt' | 'timeZone'>): {
  at: Date
  timeZone: string
} {
  return { at: row.scheduledFor ?? row.requestedAt, timeZone: row.timeZone }
}

/** Whether the owner is there, not deactivated, and may see this type's data. */
export async function mayStillSee(
  context: ActivityContext,
  row: Pick<Report, 'ownerId' | 'type'>,
): Promise<boolean> {
  const owner = await findOwner(context.prisma, row.ownerId)
  const definition = context.catalogue.get(row.type)
  if (!owner || owner.banned) return false
  return definition === undefined || mayUse(definition, viewerOf(owner))
}

export function findOwner(prisma: PrismaClient, ownerId: string): Promise<User | null> {
  return prisma.user.findUnique({ where: { id: ownerId } })
}
