/** What a list of reports can be sorted by. Apart from its schema, so that the pages' first load needs no zod. */

/** `status` sorts by its code, which is the order of its words in French and English alike. */
export const reportSortKeys = ['number', 'title', 'status', 'requested_at', 'file_available_at'] as const
export type ReportSortKey = (typeof reportSortKeys)[number]

/** A key; a hyphen before it means descending. Among equals the newer report comes first. */
export type ReportSort = ReportSortKey | `-${ReportSortKey}`

export const reportSorts = [
  ...reportSortKeys,
  ...reportSortKeys.map((key) => `-${key}` as const),
] satisfies readonly ReportSort[]

export const defaultReportSort: ReportSort = '-number'
