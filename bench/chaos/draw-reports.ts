/** Draws the requested reports from the seed: small and large files, CSV and Excel, 1 to 5 recipients. */

import { demoAccounts } from '#demo/accounts.ts'
import { SeededRandom } from '#demo/data/seeded-random.ts'
import { isoDay } from '#demo/data/calendar.ts'

/** Where the rows of a report can be read without the product: written by hand, not compiled from the catalogue. */
export interface RowsBySql {
  sql: string
  values: readonly unknown[]
  /** Which columns are compared as numbers, since a spreadsheet holds no digits. */
  numeric: readonly boolean[]
}

export interface ReportPlan {
  /** From 0; its requests' Idempotency-Key and its recipients' addresses name it. */
  index: number
  ownerEmail: string
  request: {
    type: string
    format: 'csv' | 'excel'
    columns: string[]
    filters: Record<string, unknown>
    recipients: string[]
    locale: 'en'
    time_zone: 'Europe/Paris'
  }
  /** Of the recipients, those whose mailbox does not exist and never will. */
  deadRecipients: string[]
  size: 'small' | 'medium' | 'large'
  rows: RowsBySql
}

export const mailDomain = 'ville.test'
/** One sees all rows, the other those of their province and site. */
const owners = demoAccounts.filter(({ name }) => ['Camille Martin', 'Léo Bernard'].includes(name))
/** About one report in twenty-five has a recipient that does not exist. */
const deadChance = 0.04

export function drawReports(seed: number, count: number): ReportPlan[] {
  const random = new SeededRandom('chaos reports', seed)
  return Array.from({ length: count }, (_, index) => {
    const size = random.pick(['small', 'small', 'small', 'medium', 'medium', 'large'] as const)
    const shape = shapes[size](random)
    const recipients = Array.from(
      { length: random.whole(1, 5) },
      (_, place) => `r${index}.${place + 1}@${mailDomain}`,
    )
    const deadRecipients = random.chance(deadChance) ? [random.pick(recipients)] : []
    const { rows, scope, ...configuration } = shape
    const owner = random.pick(owners)
    return {
      index,
      ownerEmail: owner.email,
      request: {
        ...configuration,
        format: random.pick(['csv', 'excel'] as const),
        recipients,
        locale: 'en',
        time_zone: 'Europe/Paris',
      },
      deadRecipients,
      size,
      rows: withinScope(rows, scope, owner.attributes),
    }
  })
}

function withinScope(
  { sql, values, numeric }: RowsBySql,
  { attribute, column }: Shape['scope'],
  attributes: Readonly<Record<string, string>>,
): RowsBySql {
  const value = attributes[attribute]
  if (value === undefined) return { sql, values, numeric }
  return { sql: `${sql} AND ${column} = $${values.length + 1}`, values: [...values, value], numeric }
}

interface Shape {
  /** The attribute that limits its owner's rows, and the column that it is compared with. */
  scope: { attribute: string; column: string }
  type: string
  columns: string[]
  filters: Record<string, unknown>
  rows: RowsBySql
}

const ticketColumns = ['number', 'site', 'category', 'weight_kg', 'item_count', 'donor_postcode', 'comment']
const ticketSql = `
  SELECT t.number, s.name, c.name, t.weight_kg::text, t.item_count::text, t.donor_postcode, t.comment
  FROM reception_tickets t JOIN sites s ON s.id = t.site_id JOIN categories c ON c.id = t.category_id`
const ticketNumeric = [false, false, false, true, true, false, false]

const shapes: Readonly<Record<ReportPlan['size'], (random: SeededRandom) => Shape>> = {
  small(random) {
    if (random.chance(0.5)) {
      return {
        type: 'schools',
        columns: ['code', 'name', 'province', 'distance_km'],
        filters: {},
        scope: { attribute: 'province', column: 'p.name' },
        rows: {
          sql: `SELECT s.code, s.name, p.name, s.distance_km::text FROM schools s JOIN provinces p ON p.id = s.province_id
                WHERE true`,
          values: [],
          numeric: [false, false, false, true],
        },
      }
    }
    const to = isoDay(Math.floor(Date.now() / 86_400_000) - random.whole(2, 40))
    const from = isoDay(Date.parse(to) / 86_400_000 - random.whole(7, 60))
    return {
      type: 'cash_session',
      columns: ['number', 'till', 'cash_sales', 'sale_count'],
      filters: { period: { from, to } },
      scope: { attribute: 'site', column: 's.name' },
      rows: {
        sql: `SELECT number, till, cash_sales::text, sale_count::text FROM cash_sessions LEFT JOIN sites s ON s.id = site_id
              WHERE opened_at >= $1::date::timestamp AT TIME ZONE 'Europe/Paris'
                AND opened_at < ($2::date + 1)::timestamp AT TIME ZONE 'Europe/Paris'`,
        values: [from, to],
        numeric: [false, false, true, true],
      },
    }
  },
  medium(random) {
    const category = random.whole(1, 12)
    return {
      type: 'reception_ticket',
      columns: ticketColumns,
      filters: { category: [String(category)] },
      scope: { attribute: 'site', column: 's.name' },
      rows: { sql: `${ticketSql} WHERE t.category_id = $1`, values: [category], numeric: ticketNumeric },
    }
  },
  large: () => ({
    type: 'reception_ticket',
    columns: ticketColumns,
    filters: {},
    scope: { attribute: 'site', column: 's.name' },
    rows: { sql: `${ticketSql} WHERE true`, values: [], numeric: ticketNumeric },
  }),
}
