import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { api, type HandOver, type UserChange, type UsersQuery } from '../api.ts'
import { queryKeys } from '../query-keys.ts'

export const useUsers = (query: Accessor<UsersQuery>, enabled: Accessor<boolean> = () => true) =>
  useQuery(() => ({
    queryKey: queryKeys.users(query()),
    queryFn: ({ signal }) => api.users(query(), signal),
    enabled: enabled(),
    placeholderData: keepPreviousData,
  }))

/** What the report types restrict by, with the values found in the source. */
export const useAttributes = () =>
  useQuery(() => ({
    queryKey: queryKeys.attributes(),
    queryFn: ({ signal }) => api.attributes(signal),
    staleTime: 5 * 60_000,
  }))

/** Their scheduled reports change with them. */
function usePeopleMutation<Input>(mutationFn: (input: Input) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: queryKeys.allUsers }),
        client.invalidateQueries({ queryKey: queryKeys.allScheduled }),
        client.invalidateQueries({ queryKey: queryKeys.me }),
      ]),
  }))
}

export const useInvite = () => usePeopleMutation(api.inviteUser)
export const useInviteAgain = () =>
  usePeopleMutation((person: { id: string }) => api.inviteUserAgain(person.id))
export const useChangePerson = () =>
  usePeopleMutation(({ id, change }: { id: string; change: UserChange }) => api.changeUser(id, change))
export const useHandOver = () =>
  usePeopleMutation(({ id, ...body }: { id: string } & HandOver) => api.handOver(id, body))
export const useAnonymise = () => usePeopleMutation((id: string) => api.anonymiseUser(id))
/** Deactivates or reactivates. */
export const useSetActive = () =>
  usePeopleMutation(({ id, active }: { id: string; active: boolean }) =>
    active ? api.reactivateUser(id) : api.deactivateUser(id),
  )
