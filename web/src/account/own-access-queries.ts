/** The signed-in person's password, sessions and API keys. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { api } from '../api.ts'
import { queryKeys } from '../query-keys.ts'

export const useSessions = () =>
  useQuery(() => ({ queryKey: queryKeys.sessions, queryFn: ({ signal }) => api.sessions(signal) }))

export const useApiKeys = () =>
  useQuery(() => ({ queryKey: queryKeys.apiKeys, queryFn: ({ signal }) => api.apiKeys(signal) }))

export function useEndSession() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: (id: string) => api.endSession(id),
    // Also when it failed: it may have ended by itself.
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.sessions }),
  }))
}

/** Other sessions and every key end with the old password. */
export function useChangePassword() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: api.changePassword,
    // Passwords are not kept in the cache.
    gcTime: 0,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: queryKeys.sessions }),
        client.invalidateQueries({ queryKey: queryKeys.apiKeys }),
      ]),
  }))
}

export function useCreateApiKey() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: api.createApiKey,
    // The key is shown once: not kept in the cache.
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  }))
}

export function useDeleteApiKey() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: (id: string) => api.deleteApiKey(id),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  }))
}
