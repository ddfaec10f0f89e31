/** An error as the API's clients see it (RFC 9457, media type application/problem+json). */

import { z } from 'zod'

export const problemSchema = z.object({
  /** A URN made from `code`. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** Stable; programs act on it. */
  code: z.string(),
  /** One entry a wrong field; `path` in JSON terms, such as `recipients.3`, empty for the whole body. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** What the reports' database said to a report type's SQL, for administrators alone, without data of its rows. */
  source_answer: z
    .object({
      sql_state: z.string(),
      message: z.string(),
      hint: z.string().nullable(),
      /** Of the character in the query, from 1. */
      position: z.int().nullable(),
    })
    .optional(),
  /** What to quote to IT. */
  request_id: z.string(),
})
export type ProblemJson = z.infer<typeof problemSchema>
