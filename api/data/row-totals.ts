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
import { ApiProblem } from '../http/api-problem.ts'
import type { QueryTurns, QueryTurnsOptions } from './query-turns.ts'

export interface RowTotals {
  /**
   * Exact when counted within `timeoutMs`, else an estimate; `exact` says which. A count that takes longer goes on
   * after the answer; when `signal` is aborted before, it ends unless others wait for it.
   */
  count(
    definition: ReportDefinition,
    restriction: RowRestriction,
    signal?: AbortSignal,
  ): Promise<{ rows: number; exact: boolean }>
  /**
   * Exact, however long it takes (the source's statement timeout ends it).
   * @throws SourceError; ApiProblem when the person has too many; the signal's reason.
   */
  totals(
    definition: ReportDefinition,
    restriction: RowRestriction,
    signal?: AbortSignal,
  ): Promise<{ rows: number; columns: Record<string, string | null> }>
}

export interface RowTotalsOptions {
  source: Pick<Source, 'rows'>
  /** Of totals. */
  turns: QueryTurns
  /** Counts at the same time, of all and of one person: beyond that a page gets the estimate at once. */
  counts: Pick<QueryTurnsOptions, 'maxRunning' | 'maxRunningPerPerson'>
  timeoutMs: number
  now: () => Date
}

/** About as long as a person pages through one choice of filters; new rows show in the total after that. */
const cachedMs = 20_000
const maxCached = 500

type Row = readonly (string | null)[]

interface Question {
  sql: SqlFragment
  timeZone: string
}

/** A query that is running, or its result. */
interface Shared {
  until: number
  row: Promise<Row>
  /** Callers that wait for it. When the last one has left, the query is cancelled. */
  waiting: number
  /** Goes on without a caller: a page was answered with an estimate, and the next one wants the count. */
  isKept: boolean
  stop: AbortController
}

export function createRowTotals(options: RowTotalsOptions): RowTotals {
  const { source, turns, counts, timeoutMs, now } = options
  const cache = new Map<string, Shared>()
  const counting = new Map<string, number>()

  /** With the zone, on which a query's own SQL may depend. */
  const keyOf = ({ sql, timeZone }: Question): string => {
    const { text, values } = toQuery(sql)
    return JSON.stringify([text, values, timeZone])
  }
  const cached = (query: Question): Shared | undefined => {
    const known = cache.get(keyOf(query))
    return known && known.until > now().getTime() ? known : undefined
  }

  /** The one row of a query; callers at the same time share one execution. */
  const shared = (query: Question, execute: (signal: AbortSignal) => Promise<Row>): Shared => {
    const known = cached(query)
    if (known) return known
    const key = keyOf(query)
    const stop = new AbortController()
    const row = execute(stop.signal)
    const entry: Shared = { until: Infinity, row, waiting: 0, isKept: false, stop }
    cache.set(key, entry)
    row.then(
      () => (entry.until = now().getTime() + cachedMs),
      // After a failure the next caller tries again.
      () => cache.get(key) === entry && cache.delete(key),
    )
    // A query that was stopped must not get new callers before it has ended.
    stop.signal.addEventListener('abort', () => cache.get(key) === entry && cache.delete(key))
    forgetOldest()
    return entry
  }
  const forgetOldest = () => {
    for (const [key, { until }] of cache) {
      if (cache.size <= maxCached && until > now().getTime()) return
      if (until !== Infinity) cache.delete(key)
    }
  }

  /** Waits for the row, until `signal` is aborted. */
  const awaited = async (entry: Shared, signal: AbortSignal | undefined): Promise<Row> => {
    signal?.throwIfAborted()
    entry.waiting++
    const left = Promise.withResolvers<never>()
    const leave = () => left.reject(signal?.reason)
    signal?.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([entry.row, left.promise])
    } finally {
      signal?.removeEventListener('abort', leave)
      entry.waiting--
      if (signal?.aborted && entry.waiting === 0 && !entry.isKept) entry.stop.abort(signal.reason)
    }
  }

  const firstRow = async ({ sql, timeZone }: Question, signal: AbortSignal | undefined): Promise<Row> => {
    const { rows } = await source.rows(sql, { timeZone, signal })
    return rows[0] ?? []
  }

  const countOf = (person: string) => counting.get(person) ?? 0
  const countingOfAll = () => [...counting.values()].reduce((sum, one) => sum + one, 0)
  const executeCount = (query: Question, person: string) => async (signal: AbortSignal) => {
    counting.set(person, countOf(person) + 1)
    try {
      return await firstRow(query, signal)
    } finally {
      if (countOf(person) > 1) counting.set(person, countOf(person) - 1)
      else counting.delete(person)
    }
  }

  return {
    async count(definition, restriction, signal) {
      const { timeZone } = restriction
      const [totals, count] = [compileTotals, compileCount].map((compile) => ({
        sql: compile(definition, restriction),
        timeZone,
      })) as [Question, Question]
      // The totals say how many rows there are, too.
      const query = cached(totals) ? totals : count
      const estimate = async () => {
        const [json] = await firstRow({ sql: compileEstimate(definition, restriction), timeZone }, signal)
        return { rows: readEstimate(json), exact: false }
      }
      const person = restriction.viewer.id
      const isFull = countingOfAll() >= counts.maxRunning || countOf(person) >= counts.maxRunningPerPerson
      if (!cached(query) && isFull) return estimate()
      const entry = shared(query, executeCount(query, person))
      const counted = awaited(entry, signal).then(([rows]) => ({ rows: Number(rows ?? 0), exact: true }))
      // It may fail after its last caller has gone: no unhandled rejection.
      counted.catch(() => {})
      const timeout = Promise.withResolvers<null>()
      const timer = setTimeout(() => timeout.resolve(null), timeoutMs)
      try {
        const exact = await Promise.race([counted, timeout.promise])
        if (exact) return exact
        const estimated = await estimate()
        entry.isKept = true
        return estimated
      } finally {
        clearTimeout(timer)
      }
    },

    async totals(definition, restriction, signal) {
      const query = { sql: compileTotals(definition, restriction), timeZone: restriction.timeZone }
      const execute = (stop: AbortSignal) =>
        turns.run(restriction.viewer.id, () => firstRow(query, stop), { signal: stop })
      const known = cached(query)
      let row: Row
      try {
        row = await awaited(known ?? shared(query, execute), signal)
      } catch (error) {
        // Another person's turn never came: this one has turns of its own.
        if (!known || !(error instanceof ApiProblem)) throw error
        row = await awaited(shared(query, execute), signal)
      }
      const [rows, ...values] = row
      const columns = totalledColumns(definition).map(({ key }, index) => [key, values[index] ?? null])
      return {
        rows: Number(rows ?? 0),
        columns: Object.fromEntries(columns) as Record<string, string | null>,
      }
    },
  }
}
