/** What « Mes Rapports » shows, as its address says it: `?statut=failed&type=pupils&tri=-number&page=2`. */

import { useSearchParams } from '@solidjs/router'
import { reportStatuses, type ReportStatus } from '#domain/report-status.ts'
import { defaultReportSort, reportSorts, type ReportSort } from '#domain/report-sort.ts'
import type { ReportsQuery } from './api.ts'

export const reportsPerPage = 15
/** Skipped occurrences belong to the deliveries of their definition. */
export const listedStatuses = reportStatuses.filter((status) => status !== 'skipped')

export interface ReportsAddress {
  status(): ReportStatus | ''
  type(): string
  sort(): ReportSort
  page(): number
  query(): ReportsQuery
  isFiltered(): boolean
  /** Filters and order start again at the first page; a page is a step one can go back from. */
  change(change: { status?: string; type?: string; sort?: string }): void
  goTo(page: number): void
}

export function useReportsAddress(): ReportsAddress {
  const [search, setSearch] = useSearchParams<Record<'statut' | 'type' | 'tri' | 'page', string>>()
  const status = () => listedStatuses.find((one) => one === search.statut) ?? ''
  const type = () => search.type ?? ''
  const sort = () => reportSorts.find((one) => one === search.tri) ?? defaultReportSort
  const page = () => (/^[1-9]\d{0,5}$/.test(search.page ?? '') ? Number(search.page) : 1)
  return {
    status,
    type,
    sort,
    page,
    query: () => ({
      page: page(),
      page_size: reportsPerPage,
      status: status() === '' ? undefined : [status()],
      type: type() || undefined,
      sort: sort(),
    }),
    isFiltered: () => status() !== '' || type() !== '',
    change(change) {
      setSearch(
        {
          ...('status' in change ? { statut: change.status || undefined } : {}),
          ...('type' in change ? { type: change.type || undefined } : {}),
          ...('sort' in change ? { tri: change.sort === defaultReportSort ? undefined : change.sort } : {}),
          page: undefined,
        },
        { replace: true },
      )
    },
    goTo: (page) => setSearch({ page: page === 1 ? undefined : page }, { scroll: true }),
  }
}
