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
  /** Matches values that need quotes. */
  mustQuote: RegExp
}

export const csvDialects: Readonly<Record<Locale, CsvDialect>> = {
  fr: { delimiter: ';', decimalMark: ',', true: 'oui', false: 'non', mustQuote: /[";\r\n]/ },
  en: { delimiter: ',', decimalMark: '.', true: 'yes', false: 'no', mustQuote: /[",\r\n]/ },
}
