import type { Locale } from '#domain/locale.ts'

/**
 * How CSV is written for readers of a language: RFC 4180 with CRLF, UTF-8. The byte order mark is there for both,
 * because Excel takes a file without it for the system's old code page, and a first heading `ID` for SYLK.
 */
export interface CsvDialect {
  /** What that language's Excel splits at when a file is opened by a double click. */
  delimiter: ',' | ';'
  decimalMark: ',' | '.'
  true: string
  false: string
  /** A value that has to stand in quotes. */
  mustQuote: RegExp
}

export const csvDialects: Readonly<Record<Locale, CsvDialect>> = {
  fr: { delimiter: ';', decimalMark: ',', true: 'oui', false: 'non', mustQuote: /[";\r\n]/ },
  en: { delimiter: ',', decimalMark: '.', true: 'yes', false: 'no', mustQuote: /[",\r\n]/ },
}
