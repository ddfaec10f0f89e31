/**
 * The coming runs of timings, computed once. Thousands of definitions share few timings ("every day at 8"), and
 * what a timing gives for the coming days does not change.
 */

import { setImmediate as nextTurn } from 'node:timers/promises'
import { runsBetween } from '#domain/timing/next-runs.ts'
import { timingOf, type TimingRow } from '#services/definitions/stored-timing.ts'

/** Runs are computed this far beyond the range asked for, so that requests of the next hours find them. */
const aheadMs = 24 * 3_600_000
/** Cached instants in all: 4 MB. A timing that runs every minute has 11,520 of them. */
const maxInstants = 500_000
/** After computing for so long, other requests get their turn. */
const turnMs = 20

export interface KnownRuns {
  /** Epoch milliseconds in [from, to), ascending, of each timing, in the order given. */
  runsOf(timings: readonly TimingRow[], from: number, to: number): Promise<Float64Array[]>
}

export function createKnownRuns(): KnownRuns {
  const known = new Map<string, { from: number; to: number; runs: Float64Array }>()
  let instants = 0

  const forget = (key: string) => {
    instants -= known.get(key)?.runs.length ?? 0
    known.delete(key)
  }
  const compute = (row: TimingRow, from: number, to: number): Float64Array => {
    const timing = timingOf(row)
    if (!timing) return new Float64Array()
    return Float64Array.from(runsBetween(timing, new Date(from), new Date(to - 1)), (run) => run.getTime())
  }
  return {
    async runsOf(timings, from, to) {
      const found: Float64Array[] = []
      let turnStarted = performance.now()
      for (const row of timings) {
        const key = JSON.stringify([
          row.frequency,
          row.time,
          row.weekdays,
          row.monthDay,
          row.cronExpression,
          row.timeZone,
        ])
        let entry = known.get(key)
        if (!entry || entry.from > from || entry.to < to) {
          if (performance.now() - turnStarted > turnMs) {
            await nextTurn()
            turnStarted = performance.now()
          }
          forget(key)
          entry = { from, to: to + aheadMs, runs: compute(row, from, to + aheadMs) }
          known.set(key, entry)
          instants += entry.runs.length
        }
        found.push(between(entry.runs, from, to))
      }
      for (const key of known.keys()) {
        if (instants <= maxInstants) break
        forget(key)
      }
      return found
    },
  }
}

function between(runs: Float64Array, from: number, to: number): Float64Array {
  return runs.subarray(firstAtLeast(runs, from), firstAtLeast(runs, to))
}

/** Index of the first value that is at least `wanted`, in an ascending list. */
function firstAtLeast(runs: Float64Array, wanted: number): number {
  let [low, high] = [0, runs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runs[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
