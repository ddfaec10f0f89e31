/** How CSV files are written where neither request nor definition says so; what is unset follows the report's language. */

import { z } from 'zod'
import { csvPresetNames, csvValues, type CsvChoices } from '#domain/csv-options.ts'

const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, `is one of ${values.filter((value) => value !== '').join(' ')}`).optional()
const flag = z
  .enum(['true', 'false'], 'is true or false')
  .transform((text) => text === 'true')
  .optional()

export const csvVariables = {
  /** All of them at once; each variable below is laid over it. */
  CSV_PRESET: oneOf(csvPresetNames),
  CSV_SEPARATOR: oneOf(csvValues.separator),
  CSV_QUOTING: oneOf(csvValues.quoting),
  CSV_DECIMAL_MARK: oneOf(csvValues.decimal_mark),
  CSV_BOM: flag,
  CSV_LINE_END: oneOf(csvValues.line_end),
  CSV_DATE_FORM: oneOf(csvValues.date_form),
  CSV_HEADER: oneOf(csvValues.header),
  CSV_BOOLEANS: oneOf(csvValues.booleans),
  /** Unset: nothing, as in each preset. */
  CSV_NULL_TEXT: oneOf(csvValues.null_text),
  CSV_GZIP: flag,
} as const

export type CsvVariables = Partial<z.output<z.ZodObject<typeof csvVariables>>>

/** What the installation chose, in the API's terms; empty when nothing. */
export function csvChoicesOf(variables: CsvVariables): CsvChoices {
  const chosen = Object.entries(variables).filter(
    ([name, value]) => name in csvVariables && value !== undefined,
  )
  return Object.fromEntries(chosen.map(([name, value]) => [name.slice('CSV_'.length).toLowerCase(), value]))
}
