/** Reports: read, requested, relaunched, cancelled, downloaded. */

import {
  keepPreviousData,
  type QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { isSettled } from '#domain/report-status.ts'
import { api, type ReportJson, type ReportRequest, type ReportsQuery } from '../api.ts'
import { queryKeys } from '../query-keys.ts'
import { pollingMs, polling, withRecovery, type AnswerOf, mergeItems } from '../query-client.ts'

export const useReports = (query: Accessor<ReportsQuery>) =>
  useQuery(() => ({
    queryKey: queryKeys.reports(query()),
    queryFn: ({ signal }) => api.reports(query(), signal),
    reconcile: mergeItems<AnswerOf<'reports'>>('number'),
    placeholderData: keepPreviousData,
    refetchInterval: withRecovery(polling()),
  }))

/** Shown at once from a list that has it. */
export const useReport = (number: Accessor<number>) => {
  const client = useQueryClient()
  return useQuery(() => ({
    queryKey: queryKeys.report(number()),
    queryFn: ({ signal }) => api.report(number(), signal),
    reconcile: mergeItems<AnswerOf<'report'>>('number'),
    placeholderData: () => cachedReport(client, number()),
    // Live events are of one's own reports; administrators may watch others'.
    refetchInterval: ({ state }) => (state.data && isSettled(state.data.status) ? polling() : pollingMs),
  }))
}

/** How one report went, from workflow history. The caller refetches it when the report has moved on. */
export const useReportLog = (number: Accessor<number>) =>
  useQuery(() => ({
    queryKey: queryKeys.reportLog(number()),
    queryFn: ({ signal }) => api.reportLog(number(), signal),
    staleTime: 0,
  }))

/** The report from a list in the cache. */
export function cachedReport(client: QueryClient, number: number): ReportJson | undefined {
  return client
    .getQueriesData<{ items: ReportJson[] }>({ queryKey: queryKeys.reportLists })
    .flatMap(([, page]) => page?.items ?? [])
    .find((item) => item.number === number)
}

/** Writes a report's newer state into every cached list and its own entry. */
export function cacheReport(client: QueryClient, report: ReportJson): void {
  client.setQueryData(queryKeys.report(report.number), report)
  client.setQueriesData<{ items: ReportJson[] }>({ queryKey: queryKeys.reportLists }, (page) => {
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
      client.setQueryData(queryKeys.report(report.number), report)
      return client.invalidateQueries({ queryKey: queryKeys.reportLists })
    },
  }))
}

export function useRelaunchReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: ({ number, resendUncertain }: { number: number; resendUncertain: boolean }) =>
      api.relaunchReport(number, resendUncertain),
    onSuccess: (report) => cacheReport(client, report),
  }))
}

export function useCancelReport() {
  const client = useQueryClient()
  return useMutation(() => ({
    mutationFn: (number: number) => api.cancelReport(number),
    onSuccess: (report) => cacheReport(client, report),
  }))
}

/** Creates the signed address and sends the browser there. */
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
