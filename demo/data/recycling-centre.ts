/** « Les Ressourciers » : five sites that take in, sort and sell what people give. */

import { awkwardTexts } from './awkward-values.ts'
import { localDay, isoDay, momentOf, timestamp, weekday } from './calendar.ts'
import type { CopyValue } from './copy-rows.ts'
import { frenchFullNames } from './people-names.ts'
import { SeededRandom } from './seeded-random.ts'

export const recyclingTimeZone = 'Europe/Paris'

/** id, code, name, city */
export const sites: readonly (readonly [number, string, string, string])[] = [
  [1, 'LYO', 'Ressourcerie de la Guillotière', 'Lyon'],
  [2, 'GRE', 'Recyclerie de l’Île Verte', 'Grenoble'],
  [3, 'STE', 'Déchèterie Saint-Étienne « Nord »', 'Saint-Étienne'],
  [4, 'BOU', 'Atelier-boutique de Bourg-en-Bresse', 'Bourg-en-Bresse'],
  [5, 'VAL', "Ressourcerie d'Annonay ; quai n° 2", 'Annonay'],
]

/** id, name, smallest and largest usual weight in grams, usual value in cents per kilogram */
const categoryRows: readonly (readonly [number, string, number, number, number])[] = [
  [1, 'Textiles et chaussures', 400, 18_000, 240],
  [2, 'Meubles', 4_000, 85_000, 110],
  [3, 'Gros électroménager', 18_000, 92_000, 65],
  [4, 'Petit électroménager', 300, 9_500, 180],
  [5, 'Livres et revues', 500, 26_000, 90],
  [6, 'Vaisselle et cuisine', 300, 14_000, 210],
  [7, 'Jouets et puériculture', 200, 11_000, 330],
  [8, 'Vélos et mobilité', 6_000, 24_000, 420],
  [9, 'Informatique et téléphonie', 150, 12_000, 650],
  [10, 'Bricolage et jardin', 500, 32_000, 160],
  [11, 'Bibelots et œuvres d’art', 50, 8_000, 900],
  [12, 'Gravats et déchets ultimes', 20_000, 400_000, 0],
]
export const categories = categoryRows.map(([id, name]) => [id, name] as const)

/** id, code, name */
export const destinations: readonly (readonly [number, string, string])[] = [
  [1, 'boutique', 'Vente en boutique'],
  [2, 'atelier', 'Atelier de réparation'],
  [3, 'don', 'Don à une association'],
  [4, 'recyclage', 'Filière de recyclage'],
  [5, 'valorisation', 'Valorisation énergétique'],
  [6, 'elimination', 'Élimination'],
]

/** id, full name, kind, site */
export const operators = frenchFullNames.map(
  (name, index) =>
    [index + 1, name, index % 4 === 0 ? 'Salarié' : 'Bénévole', (index % sites.length) + 1] as const,
)

const donorKinds = [
  'Particulier',
  'Particulier',
  'Particulier',
  'Professionnel',
  'Collectivité',
  'Association',
]
const postcodes = ['69003', '69007', '01000', '01090', '38000', '07100', '42000', '2A004', '04200', '97400']
const remarks = [
  'Bon état général',
  'À réparer : charnière cassée',
  'Donné après un déménagement',
  'Débarras complet, 2e passage',
  'Câble d’alimentation manquant',
  'À peser de nouveau',
  'Reçu fiscal demandé',
  'Prévenir l’atelier vélo',
]
const awkwardEvery = 23
const perDay = 10_000_000

/** How busy a day is compared with an average one; Saturdays most, Sundays least. */
export function ticketWeight(day: number): number {
  const byWeekday = [0.8, 0.95, 1.15, 0.95, 1.1, 1.6, 0.45][weekday(day) - 1] ?? 1
  return byWeekday * (0.8 + 0.4 * new SeededRandom('weight', day).next())
}

/** The `count` reception tickets of a day that fall in (afterMs, untilMs], in order. */
export function* receptionTickets(
  day: number,
  count: number,
  afterMs: number,
  untilMs: number,
): Generator<CopyValue[]> {
  const local = localDay(day, recyclingTimeZone)
  const random = new SeededRandom('reception_tickets', day)
  const numberStem = `BR-${local.iso.replaceAll('-', '')}-`
  for (let index = 0; index < count; index++) {
    const jitter = random.next()
    const moment = momentOf(local, { index, count, jitter, micros: random.whole(0, 999), hours: [8.5, 18.5] })
    const [categoryId, , lightest, heaviest, centsPerKg] = random.pick(categoryRows)
    // Many small loads, few large ones.
    let grams = lightest + Math.floor((heaviest - lightest) * random.next() ** 2.2)
    const oddity = random.whole(0, 4_999)
    if (oddity === 0) grams = 0
    else if (oddity === 1) grams = 1
    else if (oddity === 2) grams = 9_999_999_999
    const destination = categoryId === 12 ? 6 : random.pick([1, 1, 1, 2, 2, 3, 4, 4, 4, 5])
    const valued = destination <= 3 && oddity % 9 !== 0
    const siteId = random.pick([1, 1, 1, 2, 2, 3, 3, 4, 5])
    const collected = destination >= 4 ? isoDay(day + random.whole(1, 21)) : null
    const row: CopyValue[] = [
      day * perDay + index,
      numberStem + String(index + 1).padStart(5, '0'),
      siteId,
      timestamp(moment.ms, moment.micros),
      random.pick(operators)[0],
      random.pick(donorKinds),
      random.chance(0.25) ? null : random.pick(postcodes),
      categoryId,
      (grams / 1000).toFixed(3),
      random.chance(0.06) ? null : random.whole(1, 40),
      destination,
      random.chance(0.4) ? null : String(random.whole(0, 999_999_999)).padStart(13, '0'),
      valued ? ((Math.min(grams, 2_000_000) * centsPerKg) / 100_000).toFixed(2) : null,
      categoryId === 12 || random.chance(0.03),
      collected,
      comment(random, day, index),
    ]
    if (moment.ms > untilMs) return
    if (moment.ms > afterMs) yield row
  }
}

function comment(random: SeededRandom, day: number, index: number): string | null {
  const drawn = random.next()
  if (index % awkwardEvery === 3) {
    // Steps through the list, so that any two days together have most of it.
    return awkwardTexts[(day * 7 + (index - 3) / awkwardEvery) % awkwardTexts.length] ?? null
  }
  return drawn < 0.7 ? null : random.pick(remarks)
}

/** Till sessions of a day that changed in (afterMs, untilMs]; one that is not closed by then is open. */
export function* cashSessions(day: number, afterMs: number, untilMs: number): Generator<CopyValue[]> {
  const local = localDay(day, recyclingTimeZone)
  const random = new SeededRandom('cash_sessions', day)
  const sunday = weekday(day) === 7
  const tills = sites.flatMap(([siteId, code]) => (siteId === 1 ? [`${code}-1`, `${code}-2`] : [`${code}-1`]))
  for (const [index, till] of tills.entries()) {
    const siteId = sites.find(([, code]) => till.startsWith(code))?.[0] ?? 1
    const openedMs = local.startMs + random.whole(8.4 * 3_600_000, 9.2 * 3_600_000)
    const closedMs = local.startMs + random.whole(17.6 * 3_600_000, 19.4 * 3_600_000)
    const busy = sunday ? 0.4 : 1
    const cash = Math.floor(random.whole(0, 64_000) * busy)
    const card = Math.floor(random.whole(2_000, 145_000) * busy)
    const cheque = random.chance(0.35) ? Math.floor(random.whole(500, 30_000) * busy) : 0
    const opening = random.pick([15_000, 15_000, 20_000, 10_050])
    const withdrawals = cash > 40_000 ? 30_000 : 0
    const difference = differenceCents(random)
    const openedBy = random.pick(operators)[0]
    const closedBy = random.chance(0.7) ? openedBy : random.pick(operators)[0]
    const checked = random.chance(0.93)
    const remark = random.chance(0.12) ? random.pick(awkwardTexts) : null
    const saleCount = random.whole(3, 90)
    const micros = random.whole(0, 999)
    if (sunday && index > 2) continue
    // Sessions that begin after the range are left out; those that ended before it are written already.
    if (openedMs > untilMs || closedMs <= afterMs) continue
    const open = closedMs > untilMs
    yield [
      day * 100 + index,
      `SC-${local.iso.replaceAll('-', '')}-${till}`,
      siteId,
      till,
      local.iso,
      timestamp(openedMs, micros),
      open ? null : timestamp(closedMs, 999 - micros),
      openedBy,
      open ? null : closedBy,
      cents(opening),
      cents(cash),
      cents(card),
      cents(cheque),
      cents(withdrawals),
      open ? null : cents(opening + cash - withdrawals + difference),
      saleCount,
      open ? 'ouverte' : checked ? 'contrôlée' : 'fermée',
      open ? null : checked,
      difference !== 0 && Math.abs(difference) >= 2_000 ? 'Écart signalé au responsable' : remark,
    ]
  }
}

/** Most tills are right; some are off by coins, a few by a banknote, one in hundreds by a bundle. */
function differenceCents(random: SeededRandom): number {
  const drawn = random.next()
  if (drawn < 0.62) return 0
  if (drawn < 0.9) return random.whole(-250, 250)
  if (drawn < 0.95) return random.pick([-1, 1])
  if (drawn < 0.996) return random.pick([-5_000, -2_000, 2_000, 5_000])
  return -125_000
}

function cents(amount: number): string {
  return (amount / 100).toFixed(2)
}
