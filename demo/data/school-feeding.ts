/** « Cantines scolaires » : a national school-feeding programme in the Democratic Republic of the Congo. */

import { awkwardTexts } from './awkward-values.ts'
import { firstDay, isoDay, localDay, momentOf, timestamp, weekday } from './calendar.ts'
import type { CopyValue } from './copy-rows.ts'
import { congoleseFirstNames, congoleseLastNames } from './people-names.ts'
import { SeededRandom } from './seeded-random.ts'

export const schoolTimeZone = 'Africa/Kinshasa'

/** name, capital, territories */
const provinceRows: readonly (readonly [string, string, readonly string[]])[] = [
  ['Bas-Uele', 'Buta', ['Aketi', 'Bondo', 'Poko']],
  ['Équateur', 'Mbandaka', ['Basankusu', 'Bikoro', 'Ingende']],
  ['Haut-Katanga', 'Lubumbashi', ['Kipushi', 'Kasenga', 'Likasi']],
  ['Haut-Lomami', 'Kamina', ['Bukama', 'Kaniama', 'Malemba-Nkulu']],
  ['Haut-Uele', 'Isiro', ['Dungu', 'Faradje', 'Watsa']],
  ['Ituri', 'Bunia', ['Aru', 'Djugu', 'Mambasa']],
  ['Kasaï', 'Tshikapa', ['Dekese', 'Ilebo', 'Luebo', 'Mweka']],
  ['Kasaï-Central', 'Kananga', ['Demba', 'Dibaya', 'Luiza']],
  ['Kasaï-Oriental', 'Mbujimayi', ['Kabeya-Kamwanga', 'Miabi', 'Tshilenge']],
  ['Kinshasa', 'Kinshasa', ['Gombe', 'Limete', 'Masina', 'N’Sele']],
  ['Kongo-Central', 'Matadi', ['Lukula', 'Mbanza-Ngungu', 'Tshela']],
  ['Kwango', 'Kenge', ['Feshi', 'Kahemba', 'Popokabaka']],
  ['Kwilu', 'Bandundu', ['Bagata', 'Gungu', 'Idiofa']],
  ['Lomami', 'Kabinda', ['Kamiji', 'Lubao', 'Ngandajika']],
  ['Lualaba', 'Kolwezi', ['Dilolo', 'Mutshatsha', 'Sandoa']],
  ['Mai-Ndombe', 'Inongo', ['Bolobo', 'Kutu', 'Oshwe']],
  ['Maniema', 'Kindu', ['Kabambare', 'Kasongo', 'Pangi']],
  ['Mongala', 'Lisala', ['Bongandanga', 'Bumba']],
  ['Nord-Kivu', 'Goma', ['Beni', 'Lubero', 'Masisi', 'Rutshuru']],
  ['Nord-Ubangi', 'Gbadolite', ['Bosobolo', 'Yakoma']],
  ['Sankuru', 'Lusambo', ['Katako-Kombe', 'Lodja', 'Lomela']],
  ['Sud-Kivu', 'Bukavu', ['Fizi', 'Kabare', 'Uvira', 'Walungu']],
  ['Sud-Ubangi', 'Gemena', ['Budjala', 'Kungu', 'Libenge']],
  ['Tanganyika', 'Kalemie', ['Kongolo', 'Manono', 'Moba']],
  ['Tshopo', 'Kisangani', ['Banalia', 'Isangi', 'Ubundu']],
  ['Tshuapa', 'Boende', ['Befale', 'Bokungu', 'Ikela']],
]
export const provinces = provinceRows.map(([name, capital], index) => [index + 1, name, capital] as const)

const schoolKinds = [
  'Publique',
  'Publique',
  'Conventionnée catholique',
  'Conventionnée catholique',
  'Conventionnée protestante',
  'Conventionnée kimbanguiste',
  'Privée',
]
const patrons = [
  'Saint-Joseph',
  'Sainte-Thérèse',
  'Bakandja',
  'Mgr Nkongolo',
  'Lukonga',
  'Les Élites',
  'Mama Mobutu',
]
const schoolForms = [
  'École primaire',
  'EP 1',
  'EP 2',
  'Complexe scolaire',
  'Institut',
  'Groupe scolaire « Espoir »',
]
export const grades = ['1re', '2e', '3e', '4e', '5e', '6e'].map((grade) => `${grade} primaire`)
const meals = [
  'Riz, haricots, huile de palme',
  'Fufu, pondu, poisson salé',
  'Bouillie de maïs et soja',
  'Riz ; lentilles',
]
const relations = ['Mère', 'Père', 'Tante', 'Oncle', 'Grand-mère', 'Grand-père', 'Sœur', 'Tuteur']

/** The number of schools at the beginning; every day registers one more. */
const firstSchools = 208
const pupilsPerDay = 12

/** The schools of the beginning: the same on any day. */
export function* schoolsOfTheBeginning(): Generator<CopyValue[]> {
  for (let id = 1; id <= firstSchools; id++) {
    const registeredMs = (firstDay - 700 + id * 3) * 86_400_000 + 8 * 3_600_000
    yield school(id, registeredMs, new SeededRandom('schools', id))
  }
}

/** A day's new school, guardians, pupils and meals in (afterMs, untilMs]. */
export function dayOfSchools(day: number, afterMs: number, untilMs: number) {
  const local = localDay(day, schoolTimeZone)
  const random = new SeededRandom('pupils', day)
  const within = (ms: number) => ms > afterMs && ms <= untilMs
  const rows = { schools: [], guardians: [], pupils: [], meals: [] } as Record<
    'schools' | 'guardians' | 'pupils' | 'meals',
    CopyValue[][]
  >

  const schoolMs = local.startMs + 8 * 3_600_000
  if (within(schoolMs)) rows.schools.push(school(day, schoolMs, new SeededRandom('schools', day)))

  let guardianId = 0
  for (let index = 0; index < pupilsPerDay; index++) {
    const jitter = random.next()
    const moment = momentOf(local, {
      index,
      count: pupilsPerDay,
      jitter,
      micros: random.whole(0, 999),
      hours: [8.5, 16],
    })
    const at = timestamp(moment.ms, moment.micros)
    const id = day * 1000 + index
    // One in twelve goes to the day's new school.
    const schoolId = index === 5 ? day : random.whole(1, firstSchools)
    const lastName = random.pick(congoleseLastNames)
    const sibling = index % 4 === 3
    if (!sibling) guardianId = id
    const person = guardian(guardianId, lastName, provinceOf(schoolId), at, random)
    const child = pupil(id, lastName, schoolId, random.chance(0.02) ? null : guardianId, at, random)
    if (!within(moment.ms)) continue
    if (!sibling) rows.guardians.push(person)
    rows.pupils.push(child)
  }

  const servedMs = local.startMs + 13 * 3_600_000
  if (weekday(day) <= 5 && within(servedMs)) rows.meals = mealsOf(day)
  return rows
}

function school(id: number, registeredMs: number, random: SeededRandom): CopyValue[] {
  const province = provinceRows[provinceOf(id) - 1] ?? provinceRows[0]
  const territory = random.pick([province?.[1] ?? '', ...(province?.[2] ?? [])])
  const sex = random.pick(['F', 'M'] as const)
  return [
    id,
    String(id * 13).padStart(8, '0'),
    `${random.pick(schoolForms)} ${random.pick(patrons)} de ${territory}`,
    provinceOf(id),
    territory,
    random.pick(schoolKinds),
    random.chance(0.05)
      ? null
      : `${random.pick(congoleseFirstNames[sex])} ${random.pick(congoleseLastNames)}`,
    random.chance(0.15) ? null : phone(random),
    id === 7 ? '1896-09-14' : random.chance(0.04) ? null : isoDay(random.whole(-14_000, firstDay - 30)),
    timestamp(registeredMs, id % 1000),
    random.chance(0.8),
    random.chance(0.1) ? null : (random.next() ** 2 * 180).toFixed(1),
    random.chance(0.15) ? random.pick(awkwardTexts) : null,
  ]
}

/** Kasaï has more schools than others, so that a person who sees one province sees enough. */
function provinceOf(schoolId: number): number {
  return schoolId % 5 === 0 ? 7 : (Math.imul(schoolId, 7919) % provinceRows.length) + 1
}

function guardian(
  id: number,
  lastName: string,
  provinceId: number,
  registeredAt: string,
  random: SeededRandom,
): CopyValue[] {
  const relation = random.pick(relations)
  const sex = ['Mère', 'Tante', 'Grand-mère', 'Sœur'].includes(relation) ? 'F' : 'M'
  const province = provinceRows[provinceId - 1]
  return [
    id,
    `${random.pick(congoleseFirstNames[sex])} ${random.chance(0.8) ? lastName : random.pick(congoleseLastNames)}`,
    relation,
    random.chance(0.08) ? null : phone(random),
    birthOfGuardian(id, random),
    random.chance(0.07) ? '' : random.pick([province?.[1] ?? '', ...(province?.[2] ?? [])]),
    provinceId,
    random.chance(0.3) ? null : contribution(random),
    random.chance(0.1) ? null : random.chance(0.55),
    registeredAt,
    random.chance(0.1) ? random.pick(awkwardTexts) : null,
  ]
}

/** Congolese francs a month; one in hundreds was typed with too many zeros. */
function contribution(random: SeededRandom): string {
  if (random.chance(0.004)) return '1000000000.00'
  return random.pick(['0.00', '2500.00', '3000.00', '5000.00', '7500.50', '12000.00'])
}

/** Percent of the days of school. */
function attendanceRate(random: SeededRandom): string {
  if (random.chance(0.05)) return random.pick(['0.00', '100.00'])
  return (100 - random.next() ** 2 * 55).toFixed(2)
}

/** Every month one guardian is registered as born before 1900, or in the two months that Excel counts wrongly. */
function birthOfGuardian(id: number, random: SeededRandom): string | null {
  const drawn = random.chance(0.03) ? null : isoDay(random.whole(-8_500, 12_400))
  if (id % 1000 !== 0) return drawn
  const oddBirths: Readonly<Record<number, string>> = { 0: '1898-03-01', 10: '1899-12-31', 20: '1900-02-28' }
  return oddBirths[Math.floor(id / 1000) % 30] ?? drawn
}

function pupil(
  id: number,
  lastName: string,
  schoolId: number,
  guardianId: number | null,
  registeredAt: string,
  random: SeededRandom,
): CopyValue[] {
  const sex = random.pick(['F', 'M'] as const)
  const grade = random.whole(0, 5)
  const day = Math.floor(id / 1000)
  return [
    id,
    String(id).padStart(11, '0'),
    lastName,
    random.pick(congoleseFirstNames[sex]),
    sex,
    random.chance(0.03) ? null : isoDay(day - 365 * (6 + grade) - random.whole(0, 364)),
    schoolId,
    grades[grade] ?? '1re primaire',
    guardianId,
    registeredAt,
    random.chance(0.2) ? null : random.chance(0.06),
    random.chance(0.1) ? null : (17 + grade * 2.6 + random.next() * 9).toFixed(1),
    random.chance(0.05) ? null : attendanceRate(random),
    random.chance(0.12) ? random.pick(awkwardTexts) : null,
  ]
}

function mealsOf(day: number): CopyValue[][] {
  const random = new SeededRandom('meals', day)
  const rows: CopyValue[][] = []
  for (let schoolId = 1 + (day % 8); schoolId <= firstSchools; schoolId += 8) {
    const present = random.whole(40, 620)
    rows.push([
      schoolId,
      isoDay(day),
      present,
      Math.max(0, present - random.whole(0, 30)),
      random.pick(meals),
    ])
  }
  return rows
}

function phone(random: SeededRandom): string {
  const operator = random.pick(['81', '82', '84', '85', '89', '97', '99'])
  return `+243${operator}${String(random.whole(0, 9_999_999)).padStart(7, '0')}`
}
