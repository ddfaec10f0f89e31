/** What a list of reports can be sorted by. Apart from its schema: the pages' first load has no use for zod. */

/** `status` sorts by its code, which is the order of its words in French and English alike. */
export const reportSortKeys = ['number', 'title', 'status', 'requested_at', 'file_available_at'] as const
export type ReportSortKey = (typeof reportSortKeys)[number]

/** A key; a hyphen before it sorts downwards. Of two that are equal the newer report comes first. */
export type ReportSort = ReportSortKey | `-${ReportSortKey}`

export const reportSorts = [
  ...reportSortKeys,
  ...reportSortKeys.map((key) => `-${key}` as const),
] satisfies readonly ReportSort[]

export const defaultReportSort: ReportSort = '-number'
