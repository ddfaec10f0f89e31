import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SourceError } from '#adapters/source/source-error.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'

let api: TestApi
let admin: Caller
let awa: Caller
let source: Client
beforeAll(async () => {
  api = await createTestApi()
  admin = await api.signIn('admin')
  awa = await api.signIn('awa')
  source = new Client({ connectionString: api.environment.SOURCE_DATABASE_URL })
  await source.connect()
})
afterAll(async () => {
  await source.end()
  await api.close()
})

interface Page {
  columns: string[]
  items: Record<string, unknown>[]
  total: number
}

async function rows(who: Caller, key: string, query: Record<string, string> = {}): Promise<Page> {
  const answer = await who.get(`/v1/report-types/${key}/rows?${new URLSearchParams(query).toString()}`)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body as Page
}

describe('the catalogue', () => {
  it('has every type with labels in the person’s language; each alone is as in the list', async () => {
    const list = (await admin.get('/v1/report-types')).body as {
      items: { key: string; title: string }[]
      total: number
    }
    expect(list.items.map(({ key }) => key).sort()).toEqual(
      ['audit', 'cash_session', 'guardians', 'pupils', 'reception_ticket', 'schools'].sort(),
    )
    expect(list.total).toBe(6)
    for (const type of list.items)
      expect((await admin.get(`/v1/report-types/${type.key}`)).body).toEqual(type)
    const ticket = list.items.find(({ key }) => key === 'reception_ticket')
    expect(ticket).toMatchObject({ title: 'Tickets de réception' })
  })

  it('describes columns and filters as a dialog needs them', async () => {
    const type = (await admin.get('/v1/report-types/reception_ticket')).body as {
      columns: { key: string; type: string; scale: number | null; default: boolean }[]
      filters: { key: string; kind: string; options: unknown; relative: unknown }[]
    }
    expect(type.columns).toContainEqual({
      key: 'number',
      label: expect.any(String),
      type: 'text',
      scale: null,
      default: true,
      total: null,
    })
    expect(type.columns).toContainEqual(expect.objectContaining({ key: 'weight_kg', total: 'sum' }))
    expect(type.columns.some((column) => !column.default)).toBe(true)
    const period = type.filters.find(({ kind }) => kind === 'period')
    expect(period?.relative).toContain('previous_month')
    expect(type.filters.every(({ kind, relative }) => (relative !== null) === (kind === 'period'))).toBe(true)
  })
})

describe('rows', () => {
  it('are those of the source, typed, page by page', async () => {
    const { rows: truth } = await source.query<{ total: string }>(
      'select count(*) as total from reception_tickets',
    )
    const first = await rows(admin, 'reception_ticket', { page_size: '40' })
    expect(first.total).toBe(Number(truth[0]?.total))
    expect(first.items).toHaveLength(40)
    const second = await rows(admin, 'reception_ticket', { page_size: '20', page: '2' })
    expect(second.items).toEqual(first.items.slice(20))
    const [row] = (
      await rows(admin, 'reception_ticket', { columns: 'number,received_at,item_count,hazardous,weight_kg' })
    ).items
    expect(row).toEqual({
      number: expect.any(String),
      received_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      item_count: expect.any(Number),
      hazardous: expect.any(Boolean),
      weight_kg: expect.stringMatching(/^\d+\.\d{3}$/),
    })
  })

  it('on a late page continue the order, whichever it is', async () => {
    const truth = async (order: string) =>
      (
        await source.query<{ number: string }>(
          `select number from reception_tickets order by ${order} limit 100 offset 1400`,
        )
      ).rows.map(({ number }) => number)
    const page = async (query: Record<string, string>) =>
      (
        await rows(admin, 'reception_ticket', { columns: 'number', page_size: '100', page: '15', ...query })
      ).items.map(({ number }) => number)
    expect(await page({})).toEqual(await truth('received_at desc, id desc'))
    expect(await page({ sort: '-weight_kg' })).toEqual(
      await truth('weight_kg desc nulls last, received_at desc, id desc'),
    )
    expect(await page({ sort: 'number' })).toEqual(await truth('number collate "und-x-icu"'))
    const beyond = await rows(admin, 'reception_ticket', { page: '900000' })
    expect(beyond).toMatchObject({ items: [], total: expect.any(Number), total_exact: true })
  })

  it('have totals over all pages', async () => {
    const { rows: truth } = await source.query(
      `select count(*)::int as total, sum(weight_kg)::text as weight_kg, sum(item_count)::text as item_count,
         sum(estimated_value)::text as estimated_value
       from reception_tickets where hazardous`,
    )
    const { total, ...columns } = truth[0] as { total: number }
    const filters = JSON.stringify({ hazardous: true })
    const answer = await admin.get(
      `/v1/report-types/reception_ticket/totals?${new URLSearchParams({ filters }).toString()}`,
    )
    expect(answer).toMatchObject({ status: 200, body: { total, columns } })
    expect(await rows(admin, 'reception_ticket', { filters })).toMatchObject({ total, total_exact: true })
    const mine = (await awa.get('/v1/report-types/schools/totals')).body as { total: number }
    expect(mine.total).toBe((await rows(awa, 'schools')).total)
    expect((await awa.get('/v1/report-types/schools/totals?filters=%7B%22x%22%3A1%7D')).status).toBe(422)
  })

  it('have their columns in the order asked, sorted both ways', async () => {
    const up = await rows(admin, 'schools', { columns: 'name,province', sort: 'name', page_size: '5' })
    const down = await rows(admin, 'schools', { columns: 'name,province', sort: '-name', page_size: '5' })
    expect(up.columns).toEqual(['name', 'province'])
    expect(Object.keys(up.items[0] ?? {})).toEqual(['name', 'province'])
    expect(String(up.items[0]?.name) < String(down.items[0]?.name)).toBe(true)
  })

  it('match the filters', async () => {
    const all = await rows(admin, 'schools')
    const filters = JSON.stringify({ province: 'Kasaï' })
    const some = await rows(admin, 'schools', { filters, columns: 'province', page_size: '200' })
    expect(some.total).toBeGreaterThan(0)
    expect(some.total).toBeLessThan(all.total)
    expect(new Set(some.items.map(({ province }) => province))).toEqual(new Set(['Kasaï']))
  })

  it('are of the person’s province alone, whatever they filter by', async () => {
    const mine = await rows(awa, 'schools', { columns: 'province', page_size: '200' })
    const everything = await rows(admin, 'schools')
    expect(mine.total).toBeGreaterThan(0)
    expect(mine.total).toBeLessThan(everything.total)
    expect(new Set(mine.items.map(({ province }) => province))).toEqual(new Set(['Kasaï']))
    const provinces = (await admin.get('/v1/report-types/schools/filters/province/options')).body as {
      items: { value: string }[]
    }
    const other = provinces.items.find(({ value }) => value !== 'Kasaï')?.value ?? ''
    expect(other).not.toBe('')
    expect((await rows(awa, 'schools', { filters: JSON.stringify({ province: other }) })).total).toBe(0)
    for (const key of ['pupils', 'guardians']) {
      expect((await rows(awa, key)).total).toBeLessThan((await rows(admin, key)).total)
    }
  })

  it('are none for a person without the attribute, and the answers say why in their language', async () => {
    const leo = await api.signIn('leo')
    const where = { email: 'leo@rapporteur.test' }
    const { attributes } = await api.prisma.user.findUniqueOrThrow({ where })
    expect((await rows(leo, 'schools')).total).toBeGreaterThan(0)
    expect((await leo.get('/v1/report-types/schools')).body).toMatchObject({ notice: null })
    await api.prisma.user.update({ where, data: { attributes: {} } })
    try {
      for (const key of ['schools', 'pupils', 'guardians', 'cash_session', 'reception_ticket']) {
        const label = key === 'cash_session' || key === 'reception_ticket' ? 'Site' : 'Province'
        const notice =
          `Votre compte n’a pas de valeur valable pour « ${label} » : vous ne voyez aucune ligne. ` +
          'Demandez à un administrateur de la renseigner.'
        expect(await rows(leo, key)).toMatchObject({ total: 0, items: [], notice })
        expect((await leo.get(`/v1/report-types/${key}/totals`)).body).toMatchObject({ total: 0 })
        expect((await leo.get(`/v1/report-types/${key}`)).body).toMatchObject({ notice })
      }
      const options = await leo.get('/v1/report-types/schools/filters/province/options')
      expect(options.body).toEqual({ items: [], truncated: false })
      await api.prisma.user.update({ where, data: { locale: 'en' } })
      expect((await leo.get('/v1/report-types/schools')).body).toMatchObject({
        notice:
          'Your account has no valid value for “Province”: you see no rows. Ask an administrator to set it.',
      })
      // An administrator sees all rows without it, as the types say.
      expect(await rows(admin, 'schools')).toMatchObject({ notice: null })
    } finally {
      await api.prisma.user.update({ where, data: { attributes: attributes ?? {}, locale: 'fr' } })
    }
  })

  it.each([
    [{ filters: '{' }, 'filters'],
    [{ filters: '[]' }, 'filters'],
    [{ filters: '{"nothing":1}' }, 'filters.nothing'],
    [{ filters: '{"period":{"relative":"someday"}}' }, 'filters.period'],
    [{ columns: 'number,nothing' }, 'columns.1'],
    [{ columns: '' }, 'columns.0'],
    [{ sort: 'nothing' }, 'sort'],
    [{ sort: "number'; drop table x" }, 'sort'],
    [{ page: '1000001' }, 'page'],
  ])('asked with %j return 422', async (query, path) => {
    const answer = await admin.get(
      `/v1/report-types/reception_ticket/rows?${new URLSearchParams(query).toString()}`,
    )
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path }] } })
  })

  it.each([
    ['timeout', 504, 'source_timeout'],
    ['unavailable', 503, 'source_unavailable'],
    ['conflict', 503, 'source_conflict'],
    ['rejected', 502, 'source_query_failed'],
  ] as const)('when the source answers %s', async (kind, status, code) => {
    const original = api.deps.source.rows
    api.deps.source.rows = () => Promise.reject(new SourceError(kind, 'host db.internal refused'))
    const answer = await admin.get('/v1/report-types/pupils/rows')
    api.deps.source.rows = original
    expect(answer).toMatchObject({ status, body: { code } })
    expect(JSON.stringify(answer.body)).not.toContain('db.internal')
  })

  it('tell what the source said to administrators alone', async () => {
    const said = { sqlState: '42703', message: 'column "nom" does not exist', position: 8 }
    const original = api.deps.source.rows
    api.deps.source.rows = () => Promise.reject(new SourceError('rejected', 'as above', { answer: said }))
    const [toAdmin, toUser] = [
      await admin.get('/v1/report-types/pupils/rows'),
      await awa.get('/v1/report-types/pupils/rows'),
    ]
    api.deps.source.rows = original
    const { sqlState: sql_state, ...rest } = said
    expect(toAdmin.body).toMatchObject({ source_answer: { sql_state, ...rest, hint: null } })
    expect(toUser.body).toMatchObject({ code: 'source_query_failed' })
    expect(toUser.body).not.toHaveProperty('source_answer')
  })
})

describe('options of a filter', () => {
  it('are found by part of their label, ignoring accents', async () => {
    const all = (await admin.get('/v1/report-types/schools/filters/province/options')).body as {
      items: object[]
    }
    expect(all.items.length).toBeGreaterThan(5)
    const some = await admin.get('/v1/report-types/schools/filters/province/options?q=kasai')
    expect(some.body).toMatchObject({ truncated: false })
    const labels = (some.body as { items: { label: string }[] }).items.map(({ label }) => label)
    expect(labels).toContain('Kasaï')
    expect(labels.length).toBeLessThan(all.items.length)
  })
})
