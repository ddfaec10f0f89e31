/**
 * How a CSV file is written: its options, the presets that name all of them, and which apply. In the API's terms, since
 * requests, definitions and rows carry this very object.
 */

import { z } from 'zod'
import type { Locale } from './locale.ts'

/** The values of each option that is not simply true or false. */
export const csvValues = {
  separator: [';', ',', 'tab', '|'],
  /** `needed`: texts that could be read otherwise; `always`: all but NULL. There is no `never`: see decision 0167. */
  quoting: ['needed', 'always'],
  /** Of numbers, and of fractions of a second. */
  decimal_mark: [',', '.'],
  line_end: ['crlf', 'lf'],
  /** Of columns of dates and of times alike. */
  date_form: ['iso', 'dd/mm/yyyy', 'mm/dd/yyyy'],
  /** The columns' labels in the report's language, their keys, or no such row. */
  header: ['labels', 'keys', 'none'],
  booleans: ['oui/non', 'yes/no', 'true/false', '1/0', 't/f'],
  /** Never in quotes; texts that are the same are. */
  null_text: ['', 'NULL', '\\N'],
} as const

type Values = typeof csvValues

export type CsvOptions = { [Option in keyof Values]: Values[Option][number] } & {
  /** A byte order mark: without it Excel reads UTF-8 in the system's old code page. */
  bom: boolean
  gzip: boolean
}

export const csvPresetNames = ['excel_fr', 'excel_en', 'rfc4180'] as const
export type CsvPreset = (typeof csvPresetNames)[number]

/** What was chosen: all options of a preset where one is named, and single ones over it. */
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
export type CsvChoices = z.infer<typeof csvChoicesSchema>

const excel = {
  quoting: 'needed',
  bom: true,
  line_end: 'crlf',
  date_form: 'iso',
  header: 'labels',
  null_text: '',
  gzip: false,
} as const

export const csvPresets: Readonly<Record<CsvPreset, CsvOptions>> = {
  excel_fr: { ...excel, separator: ';', decimal_mark: ',', booleans: 'oui/non' },
  excel_en: { ...excel, separator: ',', decimal_mark: '.', booleans: 'yes/no' },
  rfc4180: { ...excel, separator: ',', decimal_mark: '.', booleans: 'true/false', bom: false },
}

/** What a file in a language is where nothing was chosen. */
export const presetOfLanguage: Readonly<Record<Locale, CsvPreset>> = { fr: 'excel_fr', en: 'excel_en' }

/** @param layers from the installation's to the report's own: a later one wins, and its preset replaces all before it. */
export function csvOptionsOf(
  locale: Locale,
  ...layers: readonly (CsvChoices | null | undefined)[]
): CsvOptions {
  let options = csvPresets[presetOfLanguage[locale]]
  for (const layer of layers) {
    const { preset, ...single } = layer ?? {}
    options = { ...(preset ? csvPresets[preset] : options), ...single }
  }
  return options
}

export function separatorOf({ separator }: Pick<CsvOptions, 'separator'>): string {
  return separator === 'tab' ? '\t' : separator
}

/**
 * Matches texts that need quotes: with the separators of both languages and tabs, because a file may be opened where
 * another one is usual, and what follows it would be a cell of its own; and what would be read as NULL. Quotes keep a
 * text together only where the program looks for them: one that splits a line at the wrong separator sees them at the
 * start of a line alone.
 */
export function mustQuote(options: Pick<CsvOptions, 'separator' | 'null_text' | 'quoting'>): RegExp {
  if (options.quoting === 'always') return /^/
  const marks = options.separator === '|' ? String.raw`[",;\t\r\n|]` : String.raw`[",;\t\r\n]`
  const empty = options.null_text.replace('\\', '\\\\')
  return new RegExp(`${marks}|^${empty}$`)
}
