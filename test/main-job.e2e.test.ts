/** The main job through the API alone, on the product as `npm start` runs it. */

import { parse } from 'csv-parse/sync'
import { Client } from 'pg'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeliveryLog, ReportJson } from '#domain/schemas/report-schema.ts'
import { eventually } from './eventually.ts'
import { startProduct, type Product } from './processes/product.ts'
import { ProductClient } from './processes/product-client.ts'

interface Page<T> {
  items: T[]
  total: number
}
interface Definition {
  id: string
  next_run: string | null
  sync: string
}

let product: Product
let client: ProductClient
let source: Client

beforeAll(async () => {
  product = await startProduct({ env: { DEMO_DATA_ROWS: '300000' } })
  client = new ProductClient(product)
  await client.signIn('admin@rapporteur.test')
  // The database's own text: nothing is lost on the way to the comparison.
  source = new Client({ connectionString: product.sourceUrl, types: { getTypeParser: () => String } })
  await source.connect()
}, 600_000)
afterAll(async () => {
  await source?.end()
  await product?.dispose()
})

const define = (definition: object) =>
  client.call<Definition>('POST', '/v1/admin/scheduled-reports', definition)
const reportBecomes = (number: number, holds: (report: ReportJson) => boolean, withinMs = 30_000) =>
  eventually(() => client.call<ReportJson>('GET', `/v1/reports/${number}`), holds, { withinMs, everyMs: 100 })

describe('a scheduled Excel report with a relative period and two recipients', () => {
  const recipients = ['direction@ville.test', 'compta@ville.test']
  let report: ReportJson
  let definition: Definition

  it('is run and mailed once to each, within thirty seconds', async () => {
    definition = await define({
      name: 'Tickets de la semaine',
      type: 'reception_ticket',
      frequency: 'weekly',
      recipients,
      format: 'excel',
      columns: [
        'number',
        'received_at',
        'weight_kg',
        'item_count',
        'estimated_value',
        'hazardous',
        'collected_on',
        'barcode',
      ],
      filters_json: { period: { relative: 'last_7_days' } },
    })
    expect(definition).toMatchObject({ sync: 'applied', next_run: expect.any(String) })
    report = await client.call<ReportJson>('POST', `/v1/admin/scheduled-reports/${definition.id}/run`)
    for (const recipient of recipients) {
      expect(await client.mailsBecome(recipient, report.number, 1)).toHaveLength(1)
    }
    report = await reportBecomes(report.number, (seen) => seen.status === 'completed')
    for (const recipient of recipients) expect(await client.mails(recipient, report.number)).toHaveLength(1)
  })

  it('has exactly the rows of the same query in SQL, typed', async () => {
    const { rows } = await source.query<Record<string, string | null>>(`
      select number, to_char(received_at at time zone 'Europe/Paris', 'YYYY-MM-DD HH24:MI:SS.MS') as received_at,
             weight_kg, item_count, estimated_value, hazardous, collected_on, barcode
      from reception_tickets
      where received_at >= ((now() at time zone 'Europe/Paris')::date - 7)::timestamp at time zone 'Europe/Paris'
        and received_at < (now() at time zone 'Europe/Paris')::date::timestamp at time zone 'Europe/Paris'
      order by number`)
    expect(rows.length).toBeGreaterThan(100)
    const [mail] = await client.mails(recipients[0] as string, report.number)
    if (!mail) throw new Error('no mail')
    const [header, ...cells] = await readSheet(await client.attachment(mail), { trim: false })
    expect(header).toEqual([
      'N° de ticket',
      'Reçu le',
      'Poids (kg)',
      'Nombre d’objets',
      'Valeur estimée (€)',
      'Déchet dangereux',
      'Enlèvement prévu le',
      'Code-barres',
    ])
    expect(cells).toHaveLength(rows.length)
    const sorted = cells.toSorted((left, right) => (String(left[0]) < String(right[0]) ? -1 : 1))
    const number = (text: string | null | undefined) => (text == null ? null : Number(text))
    const expected = rows
      .toSorted((left, right) => (String(left.number) < String(right.number) ? -1 : 1))
      .map((row) => [
        row.number,
        new Date(`${row.received_at?.replace(' ', 'T')}Z`).getTime(),
        number(row.weight_kg),
        number(row.item_count),
        number(row.estimated_value),
        row.hazardous == null ? null : row.hazardous === 't',
        row.collected_on == null ? null : new Date(`${row.collected_on}T00:00:00Z`).getTime(),
        row.barcode === '' ? null : row.barcode,
      ])
    // The reader cuts Excel's fraction of a day to whole milliseconds where SQL rounds it.
    const seen = sorted.map((row, index) =>
      row.map((cell, column) => {
        if (!(cell instanceof Date)) return cell
        const wanted = expected[index]?.[column]
        return typeof wanted === 'number' && Math.abs(wanted - cell.getTime()) <= 1 ? wanted : cell.getTime()
      }),
    )
    expect(seen).toEqual(expected)
  })

  it('has a log from its workflow’s history', async () => {
    const { items, total } = await client.call<Page<DeliveryLog>>(
      'GET',
      `/v1/admin/scheduled-reports/${definition.id}/logs`,
    )
    expect(total).toBe(1)
    expect(items[0]).toMatchObject({ number: report.number, status: 'completed', delivery: 'sent' })
    expect(items[0]?.recipients).toMatchObject(
      recipients.map((email) => ({
        email,
        status: 'sent',
        attempts: 1,
        response: expect.stringMatching(/^250/),
      })),
    )
  })
})

it('gives a CSV of pupils that parses back to exactly the source’s values', async () => {
  const asked = await client.call<ReportJson>('POST', '/v1/reports', {
    type: 'pupils',
    format: 'csv',
    columns: [
      'registration_number',
      'last_name',
      'first_name',
      'sex',
      'birth_date',
      'grade',
      'guardian_phone',
      'note',
    ],
  })
  const report = await reportBecomes(asked.number, (seen) => seen.status === 'completed')
  const { url } = await client.call<{ url: string }>('POST', `/v1/reports/${report.number}/download-url`)
  const [, ...records] = parse(await (await fetch(url)).text(), { bom: true, delimiter: ';' })
  const { rows } = await source.query({
    text: `select p.registration_number, p.last_name, p.first_name, p.sex, p.birth_date, p.grade, g.phone, p.note
           from pupils p left join guardians g on g.id = p.guardian_id`,
    rowMode: 'array',
  })
  // A cell a spreadsheet would run as a formula has an apostrophe before it; everything else is as it is.
  const plain = (cell: string) => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)
  const key = (row: readonly string[]) => row.join('\u0000')
  const seen = records.map((row: string[]) => key(row.map(plain))).sort()
  expect(seen).toEqual(
    (rows as (string | null)[][]).map((row) => key(row.map((value) => value ?? ''))).sort(),
  )
  expect(seen.length).toBe(report.row_count)
})

describe('a report due every minute', () => {
  it('runs every minute, and no more once disabled', async () => {
    const { id } = await define({
      name: 'Chaque minute',
      type: 'schools',
      frequency: 'custom',
      cron_expression: '* * * * *',
      recipients: ['minute@ville.test'],
      format: 'csv',
    })
    const logs = () => client.call<Page<DeliveryLog>>('GET', `/v1/admin/scheduled-reports/${id}/logs`)
    await eventually(logs, (page) => page.items[0]?.status === 'completed', {
      withinMs: 90_000,
      everyMs: 500,
    })
    await client.call('POST', `/v1/admin/scheduled-reports/${id}/pause`)
    const paused = await client.call<Definition & { enabled: boolean }>(
      'GET',
      `/v1/admin/scheduled-reports/${id}`,
    )
    expect(paused).toMatchObject({ enabled: false, next_run: null, sync: 'applied' })
    const { total } = await logs()
    // Until well into the minute after the next one that would have been due.
    const until = (Math.floor(Date.now() / 60_000) + 1) * 60_000 + 10_000
    await eventually(
      async () => Date.now(),
      (now) => now > until,
      { withinMs: 90_000, everyMs: 500 },
    )
    expect((await logs()).total).toBe(total)
  }, 240_000)
})

describe('a worker killed while rows are being written', () => {
  const recipients = ['un@ville.test', 'deux@ville.test', 'trois@ville.test']

  it('does not stop the report, and each recipient has one mail', async () => {
    const { number } = await client.call<ReportJson>('POST', '/v1/reports', {
      type: 'reception_ticket',
      format: 'excel',
      recipients,
    })
    await reportBecomes(number, (report) => (report.progress?.rows ?? 0) > 0)
    process.kill(await product.pidOf('worker-1'), 'SIGKILL')
    const completed = await reportBecomes(number, (report) => report.status === 'completed', 120_000)
    expect(completed).toMatchObject({ delivery: 'sent', row_count: 300_000 })
    for (const recipient of recipients) expect(await client.mails(recipient, number)).toHaveLength(1)
    expect(product.output()).toContain('Worker 1 was ended by SIGKILL')
  })
})
