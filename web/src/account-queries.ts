/** What every page needs: how the service is set up, and the account that is signed in. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { api, type Me, type MeChange } from './api.ts'
import { queryKeys } from './query-keys.ts'

export const useConfiguration = () =>
  useQuery(() => ({
    queryKey: queryKeys.configuration,
    queryFn: ({ signal }) => api.configuration(signal),
    staleTime: Infinity,
  }))

export const useMe = () =>
  useQuery(() => ({ queryKey: queryKeys.me, queryFn: ({ signal }) => api.me(signal), staleTime: 60_000 }))

/** Optimistic; rolled back on an error. */
export function useChangeMe() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: (change: MeChange) => api.changeMe(change),
    onMutate: (change) => {
      // A refetch under way would bring back the old value.
      void client.cancelQueries({ queryKey: queryKeys.me })
      const before = client.getQueryData<Me>(queryKeys.me)
      if (before) client.setQueryData<Me>(queryKeys.me, { ...before, ...change })
      return before
    },
    onError: (_error, _change, before) => client.setQueryData(queryKeys.me, before),
    onSuccess: (me) => client.setQueryData(queryKeys.me, me),
  }))
}
