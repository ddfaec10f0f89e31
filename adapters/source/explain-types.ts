/** Asks the source at start whether it understands each report type, before a report is due. A warning, never a bar. */

import { setTimeout as delay } from 'node:timers/promises'
import { sqlIn, type ReportDefinition } from '#catalogue/define-report.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'
import { joinSql, sql, type SqlFragment } from '#catalogue/sql.ts'
import type { Logger } from '#config/logger.ts'
import { locales } from '#domain/locale.ts'
import { SourceError } from './source-error.ts'
import type { Source } from './source.ts'

const retryMs = 30_000
/** Of PostgreSQL's 1,664 entries of a select list. */
const maxExpressions = 1_600

/** Every expression of a type that is no function. */
function expressionsOf({ columns, filters, scopeBy }: ReportDefinition): SqlFragment[] {
  return [
    ...columns.flatMap((column) =>
      'strings' in column.sql ? [column.sql] : locales.map((locale) => sqlIn(locale, column)),
    ),
    ...filters.map((filter) => filter.sql),
    ...(typeof scopeBy === 'object' ? [scopeBy.sql] : []),
  ]
}

/** @throws SourceError with what the source says of it. */
export async function explainType(source: Pick<Source, 'rows'>, type: ReportDefinition): Promise<void> {
  const selected = expressionsOf(type)
    .slice(0, maxExpressions)
    .map((expression) => sql`(${expression})`)
  await source.rows(
    sql`explain select ${joinSql(selected, ', ')} from ${type.from} order by ${type.orderBy}, ${type.uniqueKey}`,
  )
}

/** Logs a warning for each type that the source refuses, once it answers. Never rejects. */
export async function warnOfTypes(
  source: Pick<Source, 'rows'>,
  catalogue: Catalogue,
  logger: Pick<Logger, 'warn'>,
): Promise<void> {
  for (const type of catalogue.all().filter(({ reads = 'source' }) => reads === 'source')) {
    for (;;) {
      try {
        await explainType(source, type)
      } catch (error) {
        const isAway = error instanceof SourceError && error.kind !== 'rejected'
        if (isAway) {
          await delay(retryMs, undefined, { ref: false })
          continue
        }
        const said = error instanceof Error ? error.message : String(error)
        logger.warn({ type: type.key, said }, 'the source refuses this report type: its reports will fail')
      }
      break
    }
  }
}
