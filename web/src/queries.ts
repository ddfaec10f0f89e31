/** What the pages read and change, cached by TanStack Query: one key a resource, one hook a use. */

import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { reconcile } from 'solid-js/store'
import { isSettled } from '#domain/report-status.ts'
import { asProblem } from './api-problem.ts'
import {
  api,
  type BackfillInput,
  type Me,
  type MeChange,
  type OwnerChange,
  type ReportJson,
  type ReportRequest,
  type ReportsQuery,
  type RowsQuery,
  type ScheduledReportInput,
  type ScheduledReportJson,
  type ScheduledReportsQuery,
  type TimingPreviewInput,
  type UsersQuery,
  type Versioned,
} from './api.ts'
import { locale } from './i18n.ts'
import { liveState } from './live-state.ts'

/** Lists and single things share their first word, so that one invalidation reaches both. */
export const keys = {
  configuration: ['configuration'] as const,
  me: ['me'] as const,
  dashboard: () => ['dashboard', locale()] as const,
  /** Titles and labels come in the person's language. */
  reportTypes: () => ['report-types', locale()] as const,
  rows: (type: string, query: RowsQuery) => ['rows', type, query] as const,
  totals: (type: string, filters: object) => ['totals', type, filters] as const,
  filterOptions: (type: string, filter: string, q: string) => ['options', type, filter, q, locale()] as const,
  allReports: ['reports'] as const,
  reportLists: ['reports', 'list'] as const,
  reports: (query: ReportsQuery) => ['reports', 'list', query] as const,
  report: (number: number) => ['reports', 'one', number] as const,
  reportLog: (number: number) => ['reports', 'log', number] as const,
  allScheduled: ['scheduled'] as const,
  scheduledLists: ['scheduled', 'list'] as const,
  scheduledReports: (query: ScheduledReportsQuery) => ['scheduled', 'list', query, locale()] as const,
  scheduledReport: (id: string) => ['scheduled', 'one', id, locale()] as const,
  occurrences: (id: string, limit: number) => ['scheduled', 'occurrences', id, limit] as const,
  backfillPreview: (id: string, input: BackfillInput) => ['backfill-preview', id, input, locale()] as const,
  logs: (id: string, query: object) => ['scheduled', 'logs', id, query] as const,
  allUsers: ['users'] as const,
  users: (query: UsersQuery) => ['users', query] as const,
  preview: (input: TimingPreviewInput) => ['preview', input, locale()] as const,
}

const mostRetries = 2
/** Without live events, lists are looked at again at this pace. */
const pollingMs = 5_000
const polling = () => (liveState() === 'live' ? false : pollingMs)
/** What failed is asked for again at this pace. */
const healingMs = 10_000

interface Asked {
  state: { status: 'pending' | 'error' | 'success'; error: Error | null }
}

/** How often to ask: as usual; what failed by something that passes, so often that the page heals by itself. */
const healing =
  (usualMs: number | false) =>
  ({ state }: Asked): number | false => {
    if (state.status !== 'error' || !asProblem(state.error).isOutage) return usualMs
    return usualMs === false ? healingMs : Math.min(usualMs, healingMs)
  }

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // Only what the service never answered: where it says what is wrong, it has waited, and so has the person.
        retry: (failures, error) => failures < mostRetries && asProblem(error).isUnanswered,
        refetchInterval: healing(false),
        retryDelay: (failures) => 500 * 2 ** failures,
        // A page says what happened where it happened, instead of waiting silently for a network.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

type AnswerOf<Call extends keyof typeof api> = Awaited<ReturnType<(typeof api)[Call]>>

/**
 * Newer data goes into what is on screen, item by item: a row that did not change keeps its place, its focus and its
 * open menu. A copy goes in, so that the cache stays what the service answered.
 */
const keepItems =
  <Data>(key: 'number' | 'id') =>
  (shown: Data | undefined, newer: Data): Data =>
    reconcile(structuredClone(newer), { key })(shown)

export const useConfiguration = () =>
  useQuery(() => ({
    queryKey: keys.configuration,
    queryFn: ({ signal }) => api.configuration(signal),
    staleTime: Infinity,
  }))

export const useMe = () =>
  useQuery(() => ({ queryKey: keys.me, queryFn: ({ signal }) => api.me(signal), staleTime: 60_000 }))

/** Seen at once, and taken back if the account does not take it. */
export function useChangeMe() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: (change: MeChange) => api.changeMe(change),
    onMutate: (change) => {
      // An answer that is still on its way tells of before.
      void client.cancelQueries({ queryKey: keys.me })
      const before = client.getQueryData<Me>(keys.me)
      if (before) client.setQueryData<Me>(keys.me, { ...before, ...change })
      return before
    },
    onError: (_error, _change, before) => client.setQueryData(keys.me, before),
    onSuccess: (me) => client.setQueryData(keys.me, me),
  }))
}

export const useDashboard = () =>
  useQuery(() => ({
    queryKey: keys.dashboard(),
    queryFn: ({ signal }) => api.dashboard(signal),
    placeholderData: keepPreviousData,
    refetchInterval: healing(30_000),
  }))

export const useReportTypes = () =>
  useQuery(() => ({
    queryKey: keys.reportTypes(),
    queryFn: ({ signal }) => api.reportTypes(signal),
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
  }))

export const useRows = (type: Accessor<string>, query: Accessor<RowsQuery>) =>
  useQuery(() => ({
    queryKey: keys.rows(type(), query()),
    queryFn: ({ signal }) => api.rows(type(), query(), signal),
    // The last page stays on screen while the next is read, but never another type's.
    placeholderData: (previous, before) => (before?.queryKey[1] === type() ? previous : undefined),
  }))

/** How many rows these filters find, counted, and the totals of columns: it may take a while, and keeps a while. */
export const useTotals = (type: Accessor<string>, filters: Accessor<Readonly<Record<string, unknown>>>) =>
  useQuery(() => ({
    queryKey: keys.totals(type(), filters()),
    queryFn: ({ signal }) => api.totals(type(), filters(), signal),
    staleTime: 30_000,
    // Too slow once is too slow twice.
    retry: false,
  }))

export const useFilterOptions = (
  type: Accessor<string>,
  filter: Accessor<string>,
  q: Accessor<string>,
  enabled: Accessor<boolean> = () => true,
) =>
  useQuery(() => ({
    queryKey: keys.filterOptions(type(), filter(), q()),
    queryFn: ({ signal }) => api.filterOptions(type(), filter(), q(), signal),
    enabled: enabled(),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  }))

export const useReports = (query: Accessor<ReportsQuery>) =>
  useQuery(() => ({
    queryKey: keys.reports(query()),
    queryFn: ({ signal }) => api.reports(query(), signal),
    reconcile: keepItems<AnswerOf<'reports'>>('number'),
    placeholderData: keepPreviousData,
    refetchInterval: healing(polling()),
  }))

/** Shown from a list at once, where one has it. */
export const useReport = (number: Accessor<number>) => {
  const client = useQueryClient()
  return useQuery(() => ({
    queryKey: keys.report(number()),
    queryFn: ({ signal }) => api.report(number(), signal),
    reconcile: keepItems<AnswerOf<'report'>>('number'),
    placeholderData: () => listedReport(client, number()),
    // Live events are of one's own reports; administrators may watch others'.
    refetchInterval: ({ state }) => (state.data && isSettled(state.data.status) ? polling() : pollingMs),
  }))
}

/** How one report went, from workflow history. Whoever shows it reads it again when the report has moved on. */
export const useReportLog = (number: Accessor<number>) =>
  useQuery(() => ({
    queryKey: keys.reportLog(number()),
    queryFn: ({ signal }) => api.reportLog(number(), signal),
    staleTime: 0,
  }))

/** A report as some list shows it. */
export function listedReport(client: QueryClient, number: number): ReportJson | undefined {
  return client
    .getQueriesData<{ items: ReportJson[] }>({ queryKey: keys.reportLists })
    .flatMap(([, page]) => page?.items ?? [])
    .find((item) => item.number === number)
}

/** Puts a report's newer state wherever it is shown. */
export function storeReport(client: QueryClient, report: ReportJson): void {
  client.setQueryData(keys.report(report.number), report)
  client.setQueriesData<{ items: ReportJson[] }>({ queryKey: keys.reportLists }, (page) => {
    if (!page?.items.some(({ number }) => number === report.number)) return page
    return { ...page, items: page.items.map((item) => (item.number === report.number ? report : item)) }
  })
}

export function useRequestReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ request, idempotencyKey }: { request: ReportRequest; idempotencyKey: string }) =>
      api.requestReport(request, idempotencyKey),
    onSuccess: (report) => {
      client.setQueryData(keys.report(report.number), report)
      return client.invalidateQueries({ queryKey: keys.reportLists })
    },
  }))
}

export function useRelaunchReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: (number: number) => api.relaunchReport(number),
    onSuccess: (report) => storeReport(client, report),
  }))
}

export function useCancelReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: (number: number) => api.cancelReport(number),
    onSuccess: (report) => storeReport(client, report),
  }))
}

/** Mints the address and sends the browser there. */
export function useDownloadReport() {
  return useMutation(() => ({
    mutationFn: async (number: number) => {
      const download = await api.downloadUrl(number)
      // The answer is an attachment: the page stays where it is.
      location.assign(download.url)
      return download
    },
  }))
}

export const useScheduledReports = (query: Accessor<ScheduledReportsQuery>) =>
  useQuery(() => ({
    queryKey: keys.scheduledReports(query()),
    queryFn: ({ signal }) => api.scheduledReports(query(), signal),
    reconcile: keepItems<AnswerOf<'scheduledReports'>>('id'),
    placeholderData: keepPreviousData,
    refetchInterval: healing(60_000),
  }))

/** With its version: `data.etag` goes back when it is replaced. */
export const useScheduledReport = (id: Accessor<string>, enabled: Accessor<boolean> = () => true) =>
  useQuery(() => ({
    queryKey: keys.scheduledReport(id()),
    queryFn: ({ signal }) => api.scheduledReport(id(), signal),
    enabled: enabled(),
  }))

/** As it is now, for an editor: what is typed must not be compared with a version read earlier. */
export const useScheduledReportToEdit = (id: Accessor<string>, enabled: Accessor<boolean>) =>
  useQuery(() => ({
    queryKey: keys.scheduledReport(id()),
    queryFn: ({ signal }) => api.scheduledReport(id(), signal),
    enabled: enabled(),
    staleTime: 0,
    refetchOnWindowFocus: false,
  }))

/** The last reports of a definition in brief, newest first: what its chart draws. */
export const useOccurrences = (id: Accessor<string>, limit: number) =>
  useQuery(() => ({
    queryKey: keys.occurrences(id(), limit),
    queryFn: ({ signal }) => api.occurrences(id(), limit, signal),
    refetchInterval: healing(polling()),
  }))

export const useBackfillPreview = (
  id: Accessor<string>,
  input: Accessor<BackfillInput>,
  enabled: Accessor<boolean>,
) =>
  useQuery(() => ({
    queryKey: keys.backfillPreview(id(), input()),
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
    queryKey: keys.logs(id(), query()),
    queryFn: ({ signal }) => api.deliveryLogs(id(), query(), signal),
    reconcile: keepItems<AnswerOf<'deliveryLogs'>>('number'),
    placeholderData: keepPreviousData,
    refetchInterval: healing(polling()),
  }))

/** A timing in words with its next runs, while typing; the last good one stays while the next is asked for. */
export const useTimingPreview = (
  input: Accessor<TimingPreviewInput>,
  enabled: Accessor<boolean> = () => true,
) =>
  useQuery(() => ({
    queryKey: keys.preview(input()),
    queryFn: ({ signal }) => api.previewTiming(input(), signal),
    enabled: enabled(),
    placeholderData: keepPreviousData,
    retry: false,
  }))

/** Puts a definition's newer state wherever it is shown. */
function storeScheduled(client: QueryClient, report: ScheduledReportJson): void {
  client.setQueriesData<{ items: ScheduledReportJson[] }>({ queryKey: keys.scheduledLists }, (page) => {
    if (!page?.items.some(({ id }) => id === report.id)) return page
    return { ...page, items: page.items.map((item) => (item.id === report.id ? report : item)) }
  })
}

/** After anything that changes definitions: what is on screen is read again. */
const refresh = (client: QueryClient) => client.invalidateQueries({ queryKey: keys.allScheduled })

export function useCreateScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ input, idempotencyKey }: { input: ScheduledReportInput; idempotencyKey: string }) =>
      api.createScheduledReport(input, idempotencyKey),
    onSuccess: () => refresh(client),
  }))
}

export function useReplaceScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, input, etag }: { id: string; input: ScheduledReportInput; etag: string | null }) =>
      api.replaceScheduledReport(id, input, etag),
    onSuccess: (saved: Versioned<ScheduledReportJson>) => {
      storeScheduled(client, saved.value)
      client.setQueryData(keys.scheduledReport(saved.value.id), saved)
      return refresh(client)
    },
  }))
}

export function useDeleteScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, etag = null }: { id: string; etag?: string | null }) =>
      api.deleteScheduledReport(id, etag),
    onSuccess: (_, { id }) => {
      client.removeQueries({ queryKey: keys.scheduledReport(id) })
      return client.invalidateQueries({ queryKey: keys.scheduledLists })
    },
  }))
}

/** In place: the switch moves at once, and moves back when the service refuses. */
export function useToggleScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) =>
      enabled ? api.resumeScheduledReport(id) : api.pauseScheduledReport(id),
    onMutate: async ({ id, enabled }) => {
      await client.cancelQueries({ queryKey: keys.scheduledLists })
      const before = client.getQueriesData<{ items: ScheduledReportJson[] }>({
        queryKey: keys.scheduledLists,
      })
      const item = before.flatMap(([, page]) => page?.items ?? []).find((one) => one.id === id)
      if (item) storeScheduled(client, { ...item, enabled })
      return { before }
    },
    onError: (_error, _variables, context) => {
      for (const [key, page] of context?.before ?? []) client.setQueryData(key, page)
    },
    onSuccess: (report) => {
      storeScheduled(client, report)
      return client.invalidateQueries({ queryKey: ['scheduled', 'one', report.id] })
    },
  }))
}

/** To somebody else: whoever runs it and is told of it from then on. */
export function useChangeOwner() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, etag, ...change }: OwnerChange & { id: string; etag: string | null }) =>
      api.changeOwner(id, change, etag),
    onSuccess: (saved) => {
      storeScheduled(client, saved.value)
      client.setQueryData(keys.scheduledReport(saved.value.id), saved)
      return Promise.all([refresh(client), client.invalidateQueries({ queryKey: keys.allUsers })])
    },
  }))
}

export function useRunScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, idempotencyKey }: { id: string; idempotencyKey: string }) =>
      api.runScheduledReport(id, idempotencyKey),
    onSuccess: () => Promise.all([refresh(client), client.invalidateQueries({ queryKey: keys.reportLists })]),
  }))
}

export function useTestScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, idempotencyKey }: { id: string; idempotencyKey: string }) =>
      api.testScheduledReport(id, idempotencyKey),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.reportLists }),
  }))
}

export function useBackfillScheduledReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ id, ...input }: BackfillInput & { id: string }) => api.backfillScheduledReport(id, input),
    onSuccess: () => refresh(client),
  }))
}

export const useUsers = (query: Accessor<UsersQuery>, enabled: Accessor<boolean> = () => true) =>
  useQuery(() => ({
    queryKey: keys.users(query()),
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
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: keys.allUsers }), refresh(client)]),
  }))
}
