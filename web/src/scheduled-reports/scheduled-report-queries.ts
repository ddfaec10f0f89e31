/** Scheduled reports: read, changed, and what became of their occurrences. */

import {
  keepPreviousData,
  type QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import {
  api,
  type BackfillInput,
  type OwnerChange,
  type ScheduledReportInput,
  type ScheduledReportJson,
  type ScheduledReportsQuery,
  type TimingPreviewInput,
  type Versioned,
} from '../api.ts'
import { queryKeys } from '../query-keys.ts'
import { polling, withRecovery, type AnswerOf, mergeItems } from '../query-client.ts'

export const useScheduledReports = (query: Accessor<ScheduledReportsQuery>) =>
  useQuery(() => ({
    queryKey: queryKeys.scheduledReports(query()),
    queryFn: ({ signal }) => api.scheduledReports(query(), signal),
    reconcile: mergeItems<AnswerOf<'scheduledReports'>>('id'),
    placeholderData: keepPreviousData,
    refetchInterval: withRecovery(60_000),
  }))

/** With its version: `data.etag` goes back when it is replaced. */
export const useScheduledReport = (id: Accessor<string>, enabled: Accessor<boolean> = () => true) =>
  useQuery(() => ({
    queryKey: queryKeys.scheduledReport(id()),
    queryFn: ({ signal }) => api.scheduledReport(id(), signal),
    enabled: enabled(),
  }))

/** As it is now, for an editor: what is typed must not be compared with a version read earlier. */
export const useScheduledReportToEdit = (id: Accessor<string>, enabled: Accessor<boolean>) =>
  useQuery(() => ({
    queryKey: queryKeys.scheduledReport(id()),
    queryFn: ({ signal }) => api.scheduledReport(id(), signal),
    enabled: enabled(),
    staleTime: 0,
    refetchOnWindowFocus: false,
  }))

/** The last reports of a definition in brief, newest first: what its chart draws. */
export const useOccurrences = (id: Accessor<string>, limit: number) =>
  useQuery(() => ({
    queryKey: queryKeys.occurrences(id(), limit),
    queryFn: ({ signal }) => api.occurrences(id(), limit, signal),
    refetchInterval: withRecovery(polling()),
  }))

export const useBackfillPreview = (
  id: Accessor<string>,
  input: Accessor<BackfillInput>,
  enabled: Accessor<boolean>,
) =>
  useQuery(() => ({
    queryKey: queryKeys.backfillPreview(id(), input()),
    queryFn: ({ signal }) => api.previewBackfill(id(), input(), signal),
    enabled: enabled(),
    placeholderData: keepPreviousData,
    staleTime: 0,
  }))

export const useDeliveryLogs = (
  id: Accessor<string>,
  query: Accessor<{ page?: number; page_size?: number }>,
) =>
  useQuery(() => ({
    queryKey: queryKeys.logs(id(), query()),
    queryFn: ({ signal }) => api.deliveryLogs(id(), query(), signal),
    reconcile: mergeItems<AnswerOf<'deliveryLogs'>>('number'),
    placeholderData: keepPreviousData,
    refetchInterval: withRecovery(polling()),
  }))

/** A timing in words with its next runs, while typing; the last good one stays while the next is asked for. */
export const useTimingPreview = (
  input: Accessor<TimingPreviewInput>,
  enabled: Accessor<boolean> = () => true,
) =>
  useQuery(() => ({
    queryKey: queryKeys.preview(input()),
    queryFn: ({ signal }) => api.previewTiming(input(), signal),
    enabled: enabled(),
    placeholderData: keepPreviousData,
    retry: false,
  }))

/** Writes a definition's newer state into every cached list. */
function cacheScheduledReport(client: QueryClient, report: ScheduledReportJson): void {
  client.setQueriesData<{ items: ScheduledReportJson[] }>({ queryKey: queryKeys.scheduledLists }, (page) => {
    if (!page?.items.some(({ id }) => id === report.id)) return page
    return { ...page, items: page.items.map((item) => (item.id === report.id ? report : item)) }
  })
}

/** Refetches what is on screen; after every change of definitions. */
export const refreshScheduledReports = (client: QueryClient) =>
  client.invalidateQueries({ queryKey: queryKeys.allScheduled })

export function useCreateScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ input, idempotencyKey }: { input: ScheduledReportInput; idempotencyKey: string }) =>
      api.createScheduledReport(input, idempotencyKey),
    onSuccess: () => refreshScheduledReports(client),
  }))
}

export function useReplaceScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, input, etag }: { id: string; input: ScheduledReportInput; etag: string | null }) =>
      api.replaceScheduledReport(id, input, etag),
    onSuccess: (saved: Versioned<ScheduledReportJson>) => {
      cacheScheduledReport(client, saved.value)
      client.setQueryData(queryKeys.scheduledReport(saved.value.id), saved)
      return refreshScheduledReports(client)
    },
  }))
}

export function useDeleteScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, etag = null }: { id: string; etag?: string | null }) =>
      api.deleteScheduledReport(id, etag),
    onSuccess: (_, { id }) => {
      client.removeQueries({ queryKey: queryKeys.scheduledReport(id) })
      return client.invalidateQueries({ queryKey: queryKeys.scheduledLists })
    },
  }))
}

/** Optimistic: the switch moves at once, and moves back when the service refuses. */
export function useToggleScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) =>
      enabled ? api.resumeScheduledReport(id) : api.pauseScheduledReport(id),
    onMutate: async ({ id, enabled }) => {
      await client.cancelQueries({ queryKey: queryKeys.scheduledLists })
      const before = client.getQueriesData<{ items: ScheduledReportJson[] }>({
        queryKey: queryKeys.scheduledLists,
      })
      const item = before.flatMap(([, page]) => page?.items ?? []).find((one) => one.id === id)
      if (item) cacheScheduledReport(client, { ...item, enabled })
      return { before }
    },
    onError: (_error, _variables, context) => {
      for (const [key, page] of context?.before ?? []) client.setQueryData(key, page)
    },
    onSuccess: (report) => {
      cacheScheduledReport(client, report)
      return client.invalidateQueries({ queryKey: ['scheduled', 'one', report.id] })
    },
  }))
}

/** Makes another administrator the owner: reports run as them and notices go to them. */
export function useChangeOwner() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, etag, ...change }: OwnerChange & { id: string; etag: string | null }) =>
      api.changeOwner(id, change, etag),
    onSuccess: (saved) => {
      cacheScheduledReport(client, saved.value)
      client.setQueryData(queryKeys.scheduledReport(saved.value.id), saved)
      return Promise.all([
        refreshScheduledReports(client),
        client.invalidateQueries({ queryKey: queryKeys.allUsers }),
      ])
    },
  }))
}

export function useRunScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, idempotencyKey }: { id: string; idempotencyKey: string }) =>
      api.runScheduledReport(id, idempotencyKey),
    onSuccess: () =>
      Promise.all([
        refreshScheduledReports(client),
        client.invalidateQueries({ queryKey: queryKeys.reportLists }),
      ]),
  }))
}

export function useTestScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, idempotencyKey }: { id: string; idempotencyKey: string }) =>
      api.testScheduledReport(id, idempotencyKey),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.reportLists }),
  }))
}

export function useBackfillScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, ...input }: BackfillInput & { id: string }) => api.backfillScheduledReport(id, input),
    onSuccess: () => refreshScheduledReports(client),
  }))
}
