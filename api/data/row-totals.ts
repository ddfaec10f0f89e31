/**
 * How many rows a choice of filters finds, and the totals of its columns. Counting reads every row, a page only
 * its own: what was counted is kept a moment, so that paging never counts again, and a page that would have to
 * wait for a long count says the planner's estimate instead, while the count goes on for whoever asks next.
 */

import type { Source } from '#adapters/source/source.ts'
import { compileCount, type RowRestriction } from '#catalogue/compile-query.ts'
import { compileEstimate, compileTotals, readEstimate, totalledColumns } from '#catalogue/compile-totals.ts'
import type { ReportDefinition } from '#catalogue/define-report.ts'
import { toQuery, type SqlFragment } from '#catalogue/sql.ts'

export interface RowTotals {
  /** Within `patienceMs`, or estimated; `exact` says which. */
  count(definition: ReportDefinition, restriction: RowRestriction): Promise<{ rows: number; exact: boolean }>
  /** Exact, however long it takes (the source's statement timeout ends it). @throws SourceError */
  totals(
    definition: ReportDefinition,
    restriction: RowRestriction,
  ): Promise<{ rows: number; columns: Record<string, string | null> }>
}

export interface RowTotalsOptions {
  source: Pick<Source, 'rows'>
  patienceMs: number
  now: () => Date
}

/** As long as a person pages through one choice of filters; new rows show in the total after that. */
const keepMs = 20_000
const mostKept = 500
/** Counts at work at once: the others' connections are for pages. Beyond that a page gets the estimate at once. */
const mostCounting = 4

type Row = readonly (string | null)[]

export function createRowTotals({ source, patienceMs, now }: RowTotalsOptions): RowTotals {
  const kept = new Map<string, { until: number; row: Promise<Row> }>()
  let counting = 0

  /** The one row of a query, asked once for everybody who wants it now. */
  const shared = (query: SqlFragment): Promise<Row> => {
    const { text, values } = toQuery(query)
    const key = JSON.stringify([text, values])
    const known = kept.get(key)
    if (known && known.until > now().getTime()) return known.row
    counting++
    const row = source.rows(query).then(({ rows }) => rows[0] ?? [])
    const entry = { until: Infinity, row }
    kept.set(key, entry)
    row
      .then(
        () => (entry.until = now().getTime() + keepMs),
        // Whoever asks next tries again.
        () => kept.get(key) === entry && kept.delete(key),
      )
      .finally(() => counting--)
    forgetOldest()
    return row
  }
  const isKnown = (query: SqlFragment): boolean => {
    const { text, values } = toQuery(query)
    return (kept.get(JSON.stringify([text, values]))?.until ?? 0) > now().getTime()
  }
  const forgetOldest = () => {
    for (const [key, { until }] of kept) {
      if (kept.size <= mostKept && until > now().getTime()) return
      if (until !== Infinity) kept.delete(key)
    }
  }

  return {
    async count(definition, restriction) {
      const [totals, count] = [compileTotals(definition, restriction), compileCount(definition, restriction)]
      // The totals say how many rows there are, too.
      const query = isKnown(totals) ? totals : count
      const estimate = async () => {
        const { rows } = await source.rows(compileEstimate(definition, restriction))
        return { rows: readEstimate(rows[0]?.[0]), exact: false }
      }
      if (!isKnown(query) && counting >= mostCounting) return estimate()
      const counted = shared(query).then(([rows]) => ({ rows: Number(rows ?? 0), exact: true }))
      const patience = Promise.withResolvers<null>()
      const timer = setTimeout(() => patience.resolve(null), patienceMs)
      try {
        return (await Promise.race([counted, patience.promise])) ?? (await estimate())
      } finally {
        clearTimeout(timer)
        // Nobody may be waiting any more when it fails.
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
