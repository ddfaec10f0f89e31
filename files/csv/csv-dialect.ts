import type { Locale } from '#domain/locale.ts'

/**
 * The CSV format of a language: RFC 4180 with CRLF, UTF-8. Both have a byte order mark, because without it Excel reads
 * a file in the system's old code page, and one whose first heading is `ID` as SYLK.
 */
export interface CsvDialect {
  /** The separator that Excel in this language expects when a file is opened by a double click. */
  delimiter: ',' | ';'
  decimalMark: ',' | '.'
  true: string
  false: string
}

/**
 * Matches texts that need quotes: with the separators of both languages and tabs, because a file may be opened where
 * another one is usual, and what follows it would be a cell of its own. Quotes keep a text together only where the
 * program looks for them: one that splits a line at the wrong separator sees them at the start of a line alone.
 */
export const mustQuote = /[",;\t\r\n]/

export const csvDialects: Readonly<Record<Locale, CsvDialect>> = {
  fr: { delimiter: ';', decimalMark: ',', true: 'oui', false: 'non' },
  en: { delimiter: ',', decimalMark: '.', true: 'yes', false: 'no' },
}
