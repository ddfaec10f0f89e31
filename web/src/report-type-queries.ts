/** The report types one may see, and the options of their filters. */

import { keepPreviousData, useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { api } from './api.ts'
import { queryKeys } from './query-keys.ts'

export const useReportTypes = () =>
  useQuery(() => ({
    queryKey: queryKeys.reportTypes(),
    queryFn: ({ signal }) => api.reportTypes(signal),
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
  }))

export const useFilterOptions = (
  type: Accessor<string>,
  filter: Accessor<string>,
  q: Accessor<string>,
  enabled: Accessor<boolean> = () => true,
) =>
  useQuery(() => ({
    queryKey: queryKeys.filterOptions(type(), filter(), q()),
    queryFn: ({ signal }) => api.filterOptions(type(), filter(), q(), signal),
    enabled: enabled(),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  }))
