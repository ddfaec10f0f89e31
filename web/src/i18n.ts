/** The pages' words. Keys and placeholders are checked by the compiler; numbers and plurals follow Intl. */

import { createSignal } from 'solid-js'
import { matchLocale, type Locale } from '#domain/locale.ts'
import { fr } from './locales/fr.ts'
import { fill, type PlaceholdersOf, type Translation } from './locales/translation.ts'

type Messages = typeof fr
export type MessageKey = keyof Messages

type ValuesOf<Key extends MessageKey> = Record<PlaceholdersOf<Messages[Key]> & string, string | number>
type Values<Key extends MessageKey> = [PlaceholdersOf<Messages[Key]>] extends [never]
  ? []
  : [values: ValuesOf<Key>]

/** English is loaded on demand: French readers do not download it. */
const load: Record<Locale, () => Promise<Translation<Messages>>> = {
  fr: () => Promise.resolve(fr),
  en: async () => (await import('./locales/en.ts')).en,
}

const [current, setCurrent] = createSignal<{ locale: Locale; messages: Translation<Messages> }>({
  locale: 'fr',
  messages: fr,
})

export const locale = (): Locale => current().locale

/** The zone dates are shown in: the person’s, the browser’s until it is known. */
export const [timeZone, setTimeZone] = createSignal(Intl.DateTimeFormat().resolvedOptions().timeZone)

/** Key in localStorage of the language last chosen in this browser. */
const storageKey = 'rapporteur.locale'

export async function loadLocale(wanted: Locale): Promise<void> {
  const messages = await load[wanted]()
  setCurrent({ locale: wanted, messages })
  document.documentElement.lang = wanted
  try {
    localStorage.setItem(storageKey, wanted)
  } catch {
    // Private windows may refuse; the account stores the language as well.
  }
}

/** Before sign-in: what this browser was last used in, else what it asks for. */
export function localeOfBrowser(): Locale {
  let last: string | null = null
  try {
    last = localStorage.getItem(storageKey)
  } catch {
    // See above.
  }
  return matchLocale(last ?? navigator.languages.join(','))
}

/** The text of a key in the person's language; reactive. Numbers are written as the language writes them. */
export function t<Key extends MessageKey>(key: Key, ...values: Values<Key>): string {
  const { locale, messages } = current()
  const text = fill(messages[key], values[0] ?? {}, locale)
  return locale === 'fr' ? keepTogether(text) : text
}

/** French sets a space within « » and before : ; ? !, where a line must not break. */
function keepTogether(text: string): string {
  return text.replace(/« | (?=[»:;?!])/g, (space) => space.replace(' ', '\u00a0'))
}
