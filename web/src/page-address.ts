import { useSearchParams } from '@solidjs/router'
import { createEffect, createSignal, on, type Accessor } from 'solid-js'
import { createDebounced } from './query-client.ts'

/** As many rows as a page of a list has. */
export const pageSize = 15

export interface PageAddress {
  /** From 1; anything the address says that is no page is the first. */
  page: Accessor<number>
  goTo: (page: number) => void
}

/** The page of a list, as the address says it (`?page=2`): a step one can go back from. */
export function usePageAddress(): PageAddress {
  const [search, setSearch] = useSearchParams<{ page: string }>()
  return {
    page: () => (/^[1-9]\d{0,5}$/.test(search.page ?? '') ? Number(search.page) : 1),
    goTo: (page) => setSearch({ page: page === 1 ? undefined : page }, { scroll: true }),
  }
}

export interface SearchAddress<State extends string> {
  /** The text searched for, as the service is asked. */
  text: Accessor<string | undefined>
  /** As typed; once the typing pauses it is in the address. */
  typed: Accessor<string>
  setTyped: (text: string) => void
  state: Accessor<State | undefined>
  setState: (state: State | undefined) => void
  clear: () => void
}

/** What a list is searched and filtered by, as the address says it (`?q=…&etat=…`); each change begins at page 1. */
export function useSearchAddress<State extends string>(states: readonly State[]): SearchAddress<State> {
  const [search, setSearch] = useSearchParams<{ q: string; etat: string; page: string }>()
  const [typed, setTyped] = createSignal(search.q ?? '')
  const change = (to: { q?: string; etat?: string }) =>
    setSearch({ ...to, page: undefined }, { replace: true })
  createEffect(
    on(createDebounced(typed, 250), (text) => change({ q: text.trim() || undefined }), { defer: true }),
  )
  return {
    text: () => search.q || undefined,
    typed,
    setTyped,
    state: () => states.find((one) => one === search.etat),
    setState: (state) => change({ etat: state }),
    clear: () => {
      setTyped('')
      change({ q: undefined, etat: undefined })
    },
  }
}
