/** Tries every part of a report type's SQL against the source, by EXPLAIN alone: no data is read. */

import { explainType } from '#adapters/source/explain-types.ts'
import { SourceError } from '#adapters/source/source-error.ts'
import type { Source } from '#adapters/source/source.ts'
import { compileQuery, type QueryChoice } from '#catalogue/compile-query.ts'
import { compileTotals } from '#catalogue/compile-totals.ts'
import type { ReportDefinition, ReportFilter } from '#catalogue/define-report.ts'
import { listOptions } from '#catalogue/list-options.ts'
import { sql, type SqlFragment } from '#catalogue/sql.ts'
import { equals } from '#catalogue/value-type.ts'
import type { FilterValue } from '#domain/filter-values.ts'
import { locales } from '#domain/locale.ts'
import type { Viewer } from '#domain/report-type.ts'

export interface TypeFault {
  /** What of the type the source refuses. */
  part: 'column' | 'filter' | 'options' | 'scope' | 'totals' | 'rows'
  /** Of the column or filter; null for the others. */
  key: string | null
  /** In the source's words. */
  says: string
}

/** Sees all rows: which ones a person sees is a value in the same query. */
const viewer: Viewer = { id: 'types-check', role: 'admin', attributes: {} }
const timeZone = 'UTC'

/** A value that any expression of the kind can be compared with. */
const samples: Readonly<Partial<Record<ReportFilter['kind'], FilterValue>>> = {
  period: { from: '2026-01-01', to: '2026-01-31' },
  contains: 'a',
  number_range: { min: 0, max: 1 },
  boolean: true,
}

/**
 * Each column, also as the one to sort by, each filter and its options. The whole is tried last: it is blamed where no part
 * is at fault by itself (`from`, `orderBy`).
 * @throws SourceError when the source is away.
 */
export async function tryType(source: Pick<Source, 'rows'>, type: ReportDefinition): Promise<TypeFault[]> {
  const faults: TypeFault[] = []
  const explain = (query: SqlFragment) => source.rows(sql`explain ${query}`)
  const attempt = async (part: TypeFault['part'], key: string | null, work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof SourceError) || error.kind !== 'rejected') throw error
      const { sqlState = '', message, hint } = error.answer ?? { message: error.message }
      faults.push({ part, key, says: [`${sqlState} ${message}`.trim(), hint].filter(Boolean).join('; ') })
    }
  }
  // Without columns, filters and scope there is only what all of them stand on.
  await attempt('rows', null, () =>
    explainType(source, { ...type, columns: type.columns.slice(0, 0), filters: [], scopeBy: undefined }),
  )
  if (faults.length > 0) return faults

  const unscoped: ReportDefinition = { ...type, scopeBy: undefined }
  const rows = (choice: Partial<QueryChoice>) =>
    explain(compileQuery(unscoped, { filters: {}, viewer, timeZone, ...choice }))
  for (const { key } of type.columns) {
    await attempt('column', key, async () => {
      for (const locale of locales) {
        await rows({ columns: [key], orderBy: { column: key, direction: 'asc' }, locale })
      }
    })
  }
  for (const filter of type.filters) {
    const { key } = filter
    const sample = samples[filter.kind]
    if (sample !== undefined) await attempt('filter', key, () => rows({ filters: { [key]: sample } }))
    if (filter.kind !== 'one_of' && filter.kind !== 'many_of') continue
    // No value at all is one of any type.
    const none = equals(filter.sql, [], filter.valueType)
    await attempt('filter', key, () => explain(sql`select 1 from ${type.from} where ${none}`))
    const asked = { rows: async (query: SqlFragment) => ({ rows: (await explain(query)).rows.slice(0, 0) }) }
    await attempt('options', key, () => listOptions(asked, unscoped, key, viewer))
  }
  if (typeof type.scopeBy === 'object') {
    const mine = equals(type.scopeBy.sql, [], type.scopeBy.valueType)
    await attempt('scope', null, () => explain(sql`select 1 from ${type.from} where ${mine}`))
  }
  if (faults.length === 0) {
    await attempt('totals', null, () => explain(compileTotals(unscoped, { filters: {}, viewer, timeZone })))
  }
  return faults
}
