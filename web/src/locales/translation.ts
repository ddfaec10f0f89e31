/** What a text of the pages is in each language, and how values come into it. */

import type { Locale } from '#domain/locale.ts'
import { formatNumber } from '../format.ts'

/** One text, or one for each plural form of `count`. */
export type Message = string | Readonly<{ one: string; other: string; zero?: string }>

/** What `locales/en/*.ts` must hold: the same keys, the same kind of message. */
export type Translation<Part> = { readonly [Key in keyof Part]: Part[Key] extends string ? string : Message }

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never
/** Names in braces; a text with plural forms also wants its `count`. */
export type PlaceholdersOf<Value> = Value extends string
  ? Placeholders<Value>
  : {
      [Form in keyof Value]: Value[Form] extends string ? Placeholders<Value[Form]> | 'count' : never
    }[keyof Value]

export function fill(
  message: Message,
  values: Readonly<Record<string, string | number>>,
  locale: Locale,
): string {
  const text = typeof message === 'string' ? message : formOf(message, Number(values.count), locale)
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? formatNumber(value, locale) : value
  })
}

function formOf(forms: Exclude<Message, string>, count: number, locale: Locale): string {
  if (count === 0 && forms.zero !== undefined) return forms.zero
  return new Intl.PluralRules(locale).select(count) === 'one' ? forms.one : forms.other
}
