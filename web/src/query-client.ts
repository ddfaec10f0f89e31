/** The query client: retries, refetch intervals, and how a refetch is merged into what is on screen. */

import { createScheduled, debounce } from '@solid-primitives/scheduled'
import { QueryClient } from '@tanstack/solid-query'
import { createMemo, createSignal, type Accessor } from 'solid-js'
import { reconcile } from 'solid-js/store'
import { asFailure } from './api-failure.ts'
import type { api } from './api.ts'

/** Whether changes arrive by server-sent events (`live`) or lists are polled (`polling`). */
export const [liveState, setLiveState] = createSignal<'live' | 'polling'>('polling')

const maxRetries = 2
/** Refetch interval of lists without live events. */
export const pollingMs = 5_000
export const polling = () => (liveState() === 'live' ? false : pollingMs)
/** Refetch interval of a query that failed because a part of the service is away. */
const recoveryMs = 10_000

interface Asked {
  state: { status: 'pending' | 'error' | 'success'; error: Error | null }
}

/** The usual refetch interval, shortened after an outage so that the page recovers by itself. */
export const withRecovery =
  (usualMs: number | false) =>
  ({ state }: Asked): number | false => {
    if (state.status !== 'error' || !asFailure(state.error).isOutage) return usualMs
    return usualMs === false ? recoveryMs : Math.min(usualMs, recoveryMs)
  }

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // Only requests without an answer: where the service says what is wrong, it has already waited.
        retry: (failures, error) => failures < maxRetries && asFailure(error).isUnanswered,
        refetchInterval: withRecovery(false),
        retryDelay: (failures) => 500 * 2 ** failures,
        // Offline, a query fails and the page says so, instead of pausing without a word.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

export type AnswerOf<Call extends keyof typeof api> = Awaited<ReturnType<(typeof api)[Call]>>

/**
 * Merges a refetch into what is on screen, item by item: a row that did not change keeps its focus and its open menu.
 * It merges a copy, so that the cache stays what the service answered.
 */
export const mergeItems =
  <Data>(key: 'number' | 'id') =>
  (shown: Data | undefined, newer: Data): Data =>
    reconcile(structuredClone(newer), { key })(shown)

/** A value that follows another once that has not changed for `ms`: for queries while a person types. */
export function createDebounced<Value>(value: Accessor<Value>, ms: number): Accessor<Value> {
  const isStill = createScheduled((look) => debounce(look, ms))
  return createMemo<Value>((before) => {
    const now = value()
    return isStill() ? now : before
  }, value())
}
