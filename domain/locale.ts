/** The languages the product speaks. French is the first; English is complete too. */
export const locales = ['fr', 'en'] as const
export type Locale = (typeof locales)[number]
export const defaultLocale: Locale = 'fr'

/** One text in every language. */
export type Localized = Readonly<Record<Locale, string>>

/**
 * The best locale for an `Accept-Language` header or a stored preference: the first supported language
 * by quality value, French when none is.
 */
export function matchLocale(preference: string | null | undefined): Locale {
  const wanted = (preference ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.map((text) => /^\s*q=([\d.]+)$/.exec(text)?.[1]).find(Boolean)
      return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) }
    })
    .sort((left, right) => right.quality - left.quality)
  for (const { language, quality } of wanted) {
    const match = locales.find((locale) => locale === language)
    if (match && quality > 0) return match
  }
  return defaultLocale
}
