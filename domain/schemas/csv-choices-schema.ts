/** How a CSV file is written, as requests and definitions say it. */

import { z } from 'zod'
import { csvPresetNames, csvValues } from '../csv-options.ts'

/** What is left out is as the preset says; without a preset, as the installation does in the report's language. */
export const csvChoicesSchema = z.strictObject({
  preset: z.enum(csvPresetNames).optional(),
  separator: z.enum(csvValues.separator).optional(),
  quoting: z.enum(csvValues.quoting).optional(),
  decimal_mark: z.enum(csvValues.decimal_mark).optional(),
  bom: z.boolean().optional(),
  line_end: z.enum(csvValues.line_end).optional(),
  date_form: z.enum(csvValues.date_form).optional(),
  header: z.enum(csvValues.header).optional(),
  booleans: z.enum(csvValues.booleans).optional(),
  null_text: z.enum(csvValues.null_text).optional(),
  gzip: z.boolean().optional(),
})
