import type { Locale } from '../locale.ts'

/** Cities that French writes otherwise than their zone's name does; the article is part of « le Caire ». */
const frenchCities: Readonly<Record<string, string>> = {
  Algiers: 'Alger',
  Athens: 'Athènes',
  Beirut: 'Beyrouth',
  Bogota: 'Bogotá',
  Brussels: 'Bruxelles',
  Bucharest: 'Bucarest',
  Cairo: 'le Caire',
  Copenhagen: 'Copenhague',
  Damascus: 'Damas',
  'Dar es Salaam': 'Dar es Salam',
  Havana: 'la Havane',
  'Ho Chi Minh': 'Hô Chi Minh-Ville',
  Jerusalem: 'Jérusalem',
  Kyiv: 'Kiev',
  Lisbon: 'Lisbonne',
  Lome: 'Lomé',
  London: 'Londres',
  'Mexico City': 'Mexico',
  Mogadishu: 'Mogadiscio',
  Montreal: 'Montréal',
  Moscow: 'Moscou',
  Noumea: 'Nouméa',
  Ndjamena: 'N’Djamena',
  'Port of Spain': 'Port-d’Espagne',
  Reunion: 'la Réunion',
  'Sao Paulo': 'São Paulo',
  'Sao Tome': 'São Tomé',
  Seoul: 'Séoul',
  Singapore: 'Singapour',
  Tehran: 'Téhéran',
  Tripoli: 'Tripoli',
  Vienna: 'Vienne',
  Warsaw: 'Varsovie',
  Yaounde: 'Yaoundé',
  Zurich: 'Zurich',
}

/** « heure de Paris », “Paris time”; UTC and the `Etc/` zones by their names. */
export function zoneName(timeZone: string, locale: Locale): string {
  if (timeZone === 'UTC' || timeZone.startsWith('Etc/')) return timeZone
  const city = zoneCity(timeZone, locale)
  if (locale === 'en') return `${city} time`
  if (city.startsWith('le ')) return `heure du ${city.slice(3)}`
  return `heure ${/^[aeiouyâàéèêîôûh]/i.test(city) && !/^(ha|ho|hé)/i.test(city) ? 'd’' : 'de '}${city}`
}

/** The city of a zone, such as « Londres » for Europe/London. */
export function zoneCity(timeZone: string, locale: Locale): string {
  const city = (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')
  return locale === 'fr' ? (frenchCities[city] ?? city) : city
}
