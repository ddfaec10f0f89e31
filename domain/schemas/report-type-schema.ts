/** The catalogue as clients see it: what a person may choose of each report type. */

import { z } from 'zod'
import { columnTotals, columnTypes, filterKinds, relativePeriods } from '../report-type.ts'

export const filterOptionSchema = z.object({ value: z.string(), label: z.string() })

export const reportTypeSchema = z.object({
  key: z.string(),
  title: z.string(),
  /** Why this person sees no rows of it, and what to do; null for a person who may see some. */
  notice: z.string().nullable(),
  columns: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      type: z.enum(columnTypes),
      /** Digits after the decimal point, for decimal and money. */
      scale: z.int().nullable(),
      /** Chosen unless the person chooses otherwise. */
      default: z.boolean(),
      /** What `/totals` gives of it. */
      total: z.enum(columnTotals).nullable(),
    }),
  ),
  filters: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      kind: z.enum(filterKinds),
      /** For one_of and many_of with a fixed list; null: ask `/filters/{filter}/options`. */
      options: z.array(filterOptionSchema).nullable(),
      /** For period: the relative forms. */
      relative: z.array(z.enum(relativePeriods)).nullable(),
    }),
  ),
})

/** Text, dates and decimals as text, so that no digit is lost; instants in ISO 8601, UTC. */
export const cellSchema = z.union([z.string(), z.number(), z.boolean()]).nullable()

export const dataPageSchema = z.object({
  /** Keys of the columns, in the order asked. */
  columns: z.array(z.string()),
  items: z.array(z.record(z.string(), cellSchema)),
  /** Of all pages. */
  total: z.int(),
  /** False: `total` is the database's estimate, as counting takes longer than a page should; ask `/totals`. */
  total_exact: z.boolean(),
  page: z.int(),
  page_size: z.int(),
  /** As the type's: why this person sees no rows. */
  notice: z.string().nullable(),
})

export const dataTotalsSchema = z.object({
  /** How many rows there are. */
  total: z.int(),
  /** Sum or average of each column that has one (`columns[].total`), as text; null without a value. */
  columns: z.record(z.string(), z.string().nullable()),
})

export const optionListSchema = z.object({
  items: z.array(filterOptionSchema),
  /** There are more than shown: narrow with `q`. */
  truncated: z.boolean(),
})
