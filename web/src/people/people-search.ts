/** Accounts found by what is typed into a field that offers them. */

import { createSignal } from 'solid-js'
import type { UsersQuery } from '../api.ts'
import { createDebounced } from '../query-client.ts'
import { useUsers } from './people-queries.ts'

/** As many as a list can be read through; typing finds the others. */
const maxOffered = 50

/** @param among which accounts are searched; all unless given. */
export function createPeopleSearch(among: Pick<UsersQuery, 'role' | 'active'> = {}) {
  const [typed, setTyped] = createSignal('')
  const asked = createDebounced(typed, 200)
  const people = useUsers(() => ({ ...among, page_size: maxOffered, q: asked().trim() || undefined }))
  return {
    people,
    found: () => people.data?.items ?? [],
    /** Whether something is searched for, or the first by name are offered. */
    isSearching: () => asked().trim() !== '',
    /** @param chosenLabel what the field says while nothing is typed. */
    search: (text: string, chosenLabel: string | undefined) => setTyped(text === chosenLabel ? '' : text),
  }
}
