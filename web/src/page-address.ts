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

/** The text a list is searched by, as typed; once the typing pauses it is in the address (`?q=…`), from page 1 again. */
export function useTextAddress() {
  const [search, setSearch] = useSearchParams<{ q: string; page: string }>()
  const [typed, setTyped] = createSignal(search.q ?? '')
  const asked = createDebounced(typed, 250)
  createEffect(
    on(asked, (q) => setSearch({ q: q.trim() || undefined, page: undefined }, { replace: true }), {
      defer: true,
    }),
  )
  return { typed, setTyped }
}
