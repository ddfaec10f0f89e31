/** How the pages ask: what is kept, how often it is asked for again, and how newer data comes on screen. */

import { createScheduled, debounce } from '@solid-primitives/scheduled'
import { QueryClient } from '@tanstack/solid-query'
import { createMemo, createSignal, type Accessor } from 'solid-js'
import { reconcile } from 'solid-js/store'
import { asFailure } from './api-failure.ts'
import type { api } from './api.ts'

/** Whether changes arrive by themselves (`live`), or lists must be looked at again (`polling`). */
export const [liveState, setLiveState] = createSignal<'live' | 'polling'>('polling')

const maxRetries = 2
/** Without live events, lists are looked at again at this pace. */
export const pollingMs = 5_000
export const polling = () => (liveState() === 'live' ? false : pollingMs)
/** What failed is asked for again at this pace. */
const healingMs = 10_000

interface Asked {
  state: { status: 'pending' | 'error' | 'success'; error: Error | null }
}

/** How often to ask: as usual; what failed by something that passes, so often that the page heals by itself. */
export const healing =
  (usualMs: number | false) =>
  ({ state }: Asked): number | false => {
    if (state.status !== 'error' || !asFailure(state.error).isOutage) return usualMs
    return usualMs === false ? healingMs : Math.min(usualMs, healingMs)
  }

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // Only what the service never answered: where it says what is wrong, it has waited, and so has the person.
        retry: (failures, error) => failures < maxRetries && asFailure(error).isUnanswered,
        refetchInterval: healing(false),
        retryDelay: (failures) => 500 * 2 ** failures,
        // A page says what happened where it happened, instead of waiting silently for a network.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

export type AnswerOf<Call extends keyof typeof api> = Awaited<ReturnType<(typeof api)[Call]>>

/**
 * Newer data goes into what is on screen, item by item: a row that did not change keeps its place, its focus and its
 * open menu. A copy goes in, so that the cache stays what the service answered.
 */
export const keepItems =
  <Data>(key: 'number' | 'id') =>
  (shown: Data | undefined, newer: Data): Data =>
    reconcile(structuredClone(newer), { key })(shown)

/** A value that follows another once it has been still for a while: for what is asked while a person types. */
export function createDebounced<Value>(value: Accessor<Value>, ms: number): Accessor<Value> {
  const isStill = createScheduled((look) => debounce(look, ms))
  return createMemo<Value>((before) => {
    const now = value()
    return isStill() ? now : before
  }, value())
}
