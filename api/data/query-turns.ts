/**
 * Whose queries run on the source, so that one person's slow ones leave connections for everybody else: each person
 * has a few at once, and all together fewer than there are connections. Further ones wait for their turn; a person
 * with many waiting is refused.
 */

import type { Reads } from '#catalogue/define-report.ts'
import { ApiProblem } from '../http/api-problem.ts'

export interface QueryTurnsOptions {
  /** Queries at once, of everybody. */
  maxRunning: number
  maxRunningPerPerson: number
  /** Default 10. */
  maxWaitingPerPerson?: number
  /** How long a query waits for its turn. Default 15 s. */
  waitMs?: number
}

/**
 * Turns of the API on each database: for pages and options, totals, and counts (which wait for none: see
 * row-totals.ts). Each has turns of its own, since totals read a whole table and pages a few rows.
 */
export const turnsOf = {
  source: {
    pages: { maxRunning: 10, maxRunningPerPerson: 4 },
    totals: { maxRunning: 6, maxRunningPerPerson: 2 },
    counts: { maxRunning: 4, maxRunningPerPerson: 2 },
  },
  product: {
    pages: { maxRunning: 4, maxRunningPerPerson: 2 },
    totals: { maxRunning: 2, maxRunningPerPerson: 1 },
    counts: { maxRunning: 2, maxRunningPerPerson: 1 },
  },
} as const satisfies Record<Reads, Record<'pages' | 'totals' | 'counts', QueryTurnsOptions>>

/** Connections of the API to a database that types read: one for each turn. */
export function connectionsFor(reads: Reads): number {
  return Object.values(turnsOf[reads]).reduce((sum, { maxRunning }) => sum + maxRunning, 0)
}

export interface QueryTurns {
  /**
   * Runs `query` when it is this person's turn.
   * @throws ApiProblem `too_many_queries` when this person has too many waiting, or running for too long;
   *   `source_busy` when those of others take too long; the signal's reason when aborted before its turn.
   */
  run<Result>(
    person: string,
    query: () => Promise<Result>,
    options?: { signal?: AbortSignal },
  ): Promise<Result>
}

interface Waiting {
  person: string
  begin(): void
}

const retryAfterSeconds = 5

export function createQueryTurns(options: QueryTurnsOptions): QueryTurns {
  const { maxRunning, maxRunningPerPerson, maxWaitingPerPerson = 10, waitMs = 15_000 } = options
  const running = new Map<string, number>()
  const waiting: Waiting[] = []
  let total = 0

  const runningOf = (person: string) => running.get(person) ?? 0
  const mayBegin = (person: string) => total < maxRunning && runningOf(person) < maxRunningPerPerson

  const begin = (person: string) => {
    total++
    running.set(person, runningOf(person) + 1)
  }

  const end = (person: string) => {
    total--
    const left = runningOf(person) - 1
    if (left > 0) running.set(person, left)
    else running.delete(person)
    const next = waiting.findIndex((one) => mayBegin(one.person))
    if (next !== -1) waiting.splice(next, 1)[0]?.begin()
  }

  const refusal = (person: string) =>
    new ApiProblem(runningOf(person) >= maxRunningPerPerson ? 'too_many_queries' : 'source_busy', {
      headers: { 'retry-after': String(retryAfterSeconds) },
    })

  const wait = async (person: string, signal: AbortSignal | undefined) => {
    if (waiting.filter((one) => one.person === person).length >= maxWaitingPerPerson) {
      throw new ApiProblem('too_many_queries', { headers: { 'retry-after': String(retryAfterSeconds) } })
    }
    const turn = Promise.withResolvers<void>()
    const mine: Waiting = {
      person,
      begin: () => {
        begin(person)
        turn.resolve()
      },
    }
    const leave = (error: unknown) => {
      const index = waiting.indexOf(mine)
      // Without it the turn has come already.
      if (index === -1) return
      waiting.splice(index, 1)
      turn.reject(error)
    }
    const timer = setTimeout(() => leave(refusal(person)), waitMs)
    const abort = () => leave(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    waiting.push(mine)
    try {
      await turn.promise
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  return {
    async run(person, query, { signal } = {}) {
      signal?.throwIfAborted()
      if (mayBegin(person)) begin(person)
      else await wait(person, signal)
      try {
        return await query()
      } finally {
        end(person)
      }
    },
  }
}
