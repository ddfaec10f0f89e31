/** Pages with totals, as every list of the API has them. */

import { z } from 'zod'

export const maxPageSize = 200
/** Far below the limit of PostgreSQL's OFFSET; a larger page number is a mistake. */
const maxPage = 1_000_000

/** Query parameters `page` (from 1) and `page_size`. Query values are text, hence the coercion. */
export function pageQuerySchema(defaultPageSize: number) {
  return z.object({
    page: wholeNumber(1, maxPage).default(1),
    page_size: wholeNumber(1, maxPageSize).default(defaultPageSize),
  })
}

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    /** How many there are on all pages together. */
    total: z.int(),
    page: z.int(),
    page_size: z.int(),
  })
}

/** A whole number given as text; signs, exponents, hexadecimal and blanks are refused, unlike Number(). */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ type: 'integer', minimum: min, maximum: max, pattern: undefined })
}
