import { useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { api, type RowsQuery } from '../api.ts'
import { queryKeys } from '../query-keys.ts'

export const useRows = (type: Accessor<string>, query: Accessor<RowsQuery>) =>
  useQuery(() => ({
    queryKey: queryKeys.rows(type(), query()),
    queryFn: ({ signal }) => api.rows(type(), query(), signal),
    // The last page stays on screen while the next is read, but never another type's.
    placeholderData: (previous, before) => (before?.queryKey[1] === type() ? previous : undefined),
  }))

/** How many rows these filters find, counted, and the totals of columns: it may take a while, and keeps a while. */
export const useTotals = (type: Accessor<string>, filters: Accessor<Readonly<Record<string, unknown>>>) =>
  useQuery(() => ({
    queryKey: queryKeys.totals(type(), filters()),
    queryFn: ({ signal }) => api.totals(type(), filters(), signal),
    staleTime: 30_000,
    // A count that timed out would time out again.
    retry: false,
  }))
