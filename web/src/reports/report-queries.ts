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
import { pollingMs, polling, healing, type AnswerOf, keepItems } from '../query-client.ts'

export const useReports = (query: Accessor<ReportsQuery>) =>
  useQuery(() => ({
    queryKey: queryKeys.reports(query()),
    queryFn: ({ signal }) => api.reports(query(), signal),
    reconcile: keepItems<AnswerOf<'reports'>>('number'),
    placeholderData: keepPreviousData,
    refetchInterval: healing(polling()),
  }))

/** Shown from a list at once, where one has it. */
export const useReport = (number: Accessor<number>) => {
  const client = useQueryClient()
  return useQuery(() => ({
    queryKey: queryKeys.report(number()),
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
    queryKey: queryKeys.reportLog(number()),
    queryFn: ({ signal }) => api.reportLog(number(), signal),
    staleTime: 0,
  }))

/** A report as some list shows it. */
export function listedReport(client: QueryClient, number: number): ReportJson | undefined {
  return client
    .getQueriesData<{ items: ReportJson[] }>({ queryKey: queryKeys.reportLists })
    .flatMap(([, page]) => page?.items ?? [])
    .find((item) => item.number === number)
}

/** Puts a report's newer state wherever it is shown. */
export function storeReport(client: QueryClient, report: ReportJson): void {
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
