import { mustQuote, separatorOf, type CsvOptions } from '#domain/csv-options.ts'

/** The options of a CSV file as its writer needs them. UTF-8, quotes doubled inside quotes, as RFC 4180 has it. */
export interface CsvDialect {
  separator: string
  decimalMark: string
  lineEnd: Buffer
  true: Buffer
  false: Buffer
  null: Buffer
  nullText: string
  /** Every value but NULL is in quotes. */
  quotesAll: boolean
  /** Numbers and times with a fraction are in quotes, because their mark is the separator. */
  quotesFractions: boolean
  dayOrder: 'ymd' | 'dmy' | 'mdy'
  mustQuote: RegExp
}

const dayOrders = { iso: 'ymd', 'dd/mm/yyyy': 'dmy', 'mm/dd/yyyy': 'mdy' } as const

export function csvDialectOf(options: CsvOptions): CsvDialect {
  const separator = separatorOf(options)
  const [yes = '', no = ''] = options.booleans.split('/')
  return {
    separator,
    decimalMark: options.decimal_mark,
    lineEnd: Buffer.from(options.line_end === 'crlf' ? '\r\n' : '\n'),
    true: Buffer.from(yes),
    false: Buffer.from(no),
    null: Buffer.from(options.null_text),
    nullText: options.null_text,
    quotesAll: options.quoting === 'always',
    quotesFractions: options.decimal_mark === separator,
    dayOrder: dayOrders[options.date_form],
    mustQuote: mustQuote(options),
  }
}
