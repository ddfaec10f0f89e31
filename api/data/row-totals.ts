/**
 * How many rows a choice of filters finds, and the totals of its columns. Counting reads every row, a page only
 * its own. A count is therefore cached for a while, so that paging does not count again, and a page that would wait
 * too long shows the planner's estimate instead, while the count goes on for the next request.
 */

import type { Source } from '#adapters/source/source.ts'
import { compileCount, type RowRestriction } from '#catalogue/compile-query.ts'
import { compileEstimate, compileTotals, readEstimate, totalledColumns } from '#catalogue/compile-totals.ts'
import type { ReportDefinition } from '#catalogue/define-report.ts'
import { toQuery, type SqlFragment } from '#catalogue/sql.ts'

export interface RowTotals {
  /** Exact when counted within `timeoutMs`, else an estimate; `exact` says which. */
  count(definition: ReportDefinition, restriction: RowRestriction): Promise<{ rows: number; exact: boolean }>
  /** Exact, however long it takes (the source's statement timeout ends it). @throws SourceError */
  totals(
    definition: ReportDefinition,
    restriction: RowRestriction,
  ): Promise<{ rows: number; columns: Record<string, string | null> }>
}

export interface RowTotalsOptions {
  source: Pick<Source, 'rows'>
  timeoutMs: number
  now: () => Date
}

/** About as long as a person pages through one choice of filters; new rows show in the total after that. */
const cachedMs = 20_000
const maxCached = 500
/** Counts at the same time: the other connections are for pages. Beyond that a page gets the estimate at once. */
const maxCounting = 4

type Row = readonly (string | null)[]

export function createRowTotals({ source, timeoutMs, now }: RowTotalsOptions): RowTotals {
  const cache = new Map<string, { until: number; row: Promise<Row> }>()
  let counting = 0

  /** The one row of a query; callers at the same time share one execution. */
  const shared = (query: SqlFragment): Promise<Row> => {
    const { text, values } = toQuery(query)
    const key = JSON.stringify([text, values])
    const known = cache.get(key)
    if (known && known.until > now().getTime()) return known.row
    counting++
    const row = source.rows(query).then(({ rows }) => rows[0] ?? [])
    const entry = { until: Infinity, row }
    cache.set(key, entry)
    row
      .then(
        () => (entry.until = now().getTime() + cachedMs),
        // After a failure the next caller tries again.
        () => cache.get(key) === entry && cache.delete(key),
      )
      .finally(() => counting--)
    forgetOldest()
    return row
  }
  const isCached = (query: SqlFragment): boolean => {
    const { text, values } = toQuery(query)
    return (cache.get(JSON.stringify([text, values]))?.until ?? 0) > now().getTime()
  }
  const forgetOldest = () => {
    for (const [key, { until }] of cache) {
      if (cache.size <= maxCached && until > now().getTime()) return
      if (until !== Infinity) cache.delete(key)
    }
  }

  return {
    async count(definition, restriction) {
      const [totals, count] = [compileTotals(definition, restriction), compileCount(definition, restriction)]
      // The totals say how many rows there are, too.
      const query = isCached(totals) ? totals : count
      const estimate = async () => {
        const { rows } = await source.rows(compileEstimate(definition, restriction))
        return { rows: readEstimate(rows[0]?.[0]), exact: false }
      }
      if (!isCached(query) && counting >= maxCounting) return estimate()
      const counted = shared(query).then(([rows]) => ({ rows: Number(rows ?? 0), exact: true }))
      const timeout = Promise.withResolvers<null>()
      const timer = setTimeout(() => timeout.resolve(null), timeoutMs)
      try {
        return (await Promise.race([counted, timeout.promise])) ?? (await estimate())
      } finally {
        clearTimeout(timer)
        // It may fail after its last caller has gone: no unhandled rejection.
        counted.catch(() => {})
      }
    },

    async totals(definition, restriction) {
      const [rows, ...values] = await shared(compileTotals(definition, restriction))
      const columns = totalledColumns(definition).map(({ key }, index) => [key, values[index] ?? null])
      return {
        rows: Number(rows ?? 0),
        columns: Object.fromEntries(columns) as Record<string, string | null>,
      }
    },
  }
}
