import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { api, type UsersQuery } from '../api.ts'
import { queryKeys } from '../query-keys.ts'

export const useUsers = (query: Accessor<UsersQuery>, enabled: Accessor<boolean> = () => true) =>
  useQuery(() => ({
    queryKey: queryKeys.users(query()),
    queryFn: ({ signal }) => api.users(query(), signal),
    enabled: enabled(),
    placeholderData: keepPreviousData,
  }))

/** Deactivates or reactivates: their scheduled reports change with them. */
export function useSetActive() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, active }: { id: string; active: boolean }) =>
      active ? api.reactivateUser(id) : api.deactivateUser(id),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: queryKeys.allUsers }),
        client.invalidateQueries({ queryKey: queryKeys.allScheduled }),
      ]),
  }))
}
