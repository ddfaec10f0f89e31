/** What « Mes Rapports » shows, as its address says it: `?statut=failed&type=pupils&tri=-number&page=2`. */

import { useSearchParams } from '@solidjs/router'
import { reportStatuses, type ReportStatus } from '#domain/report-status.ts'
import { defaultReportSort, reportSorts, type ReportSort } from '#domain/report-sort.ts'
import type { ReportsQuery } from '../api.ts'
import { pageSize, usePageAddress, type PageAddress } from '../page-address.ts'

/** Skipped occurrences belong to the deliveries of their definition. */
export const listedStatuses = reportStatuses.filter((status) => status !== 'skipped')

export interface ReportsAddress extends PageAddress {
  status(): ReportStatus | ''
  type(): string
  sort(): ReportSort
  query(): ReportsQuery
  isFiltered(): boolean
  /** Filters and order start again at the first page. */
  change(change: { status?: string; type?: string; sort?: string }): void
}

export function useReportsAddress(): ReportsAddress {
  const [search, setSearch] = useSearchParams<Record<'statut' | 'type' | 'tri' | 'page', string>>()
  const status = () => listedStatuses.find((one) => one === search.statut) ?? ''
  const type = () => search.type ?? ''
  const sort = () => reportSorts.find((one) => one === search.tri) ?? defaultReportSort
  const paging = usePageAddress()
  return {
    status,
    type,
    sort,
    ...paging,
    query: () => ({
      page: paging.page(),
      page_size: pageSize,
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
  }
}
