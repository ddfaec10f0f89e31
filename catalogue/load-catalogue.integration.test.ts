/** The built-in types on real rows, both with bound parameters and with COPY, against SQL written by hand. */

import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSource, type Source } from '#adapters/source/source.ts'
import type { FilterValue } from '#domain/filter-values.ts'
import type { Viewer } from '#domain/report-type.ts'
import { awkwardTexts } from '#demo/data/awkward-values.ts'
import { congoleseLastNames, frenchFullNames } from '#demo/data/people-names.ts'
import { demoDatabaseUrl } from '#test/servers/database.ts'
import { loadCatalogue, type Catalogue } from './load-catalogue.ts'
import { compileCount, compileQuery, type QueryChoice } from './compile-query.ts'
import type { ReportDefinition } from './define-report.ts'
import { folded, foldedSql } from './folded-text.ts'
import { listOptions, optionLabels } from './list-options.ts'
import { resolveFilters } from './resolve-filters.ts'
import { listScopeValues, scopeAttributes } from './scope-attributes.ts'
import type { ScopeByAttribute } from './scope.ts'
import { raw, sql, toQuery } from './sql.ts'

const admin: Viewer = { id: 'admin', role: 'admin', attributes: {} }
const awa: Viewer = { id: 'awa', role: 'user', attributes: { province: 'Kasaï' } }

let catalogue: Catalogue
let source: Source
let client: Client

beforeAll(async () => {
  const connectionString = await demoDatabaseUrl()
  // Those of the demo: the others read another database.
  const loaded = await loadCatalogue()
  const all = loaded.all().filter(({ reads }) => reads === undefined)
  catalogue = { all: () => all, get: loaded.get, files: loaded.files }
  source = createSource({ connectionString, statementTimeoutMs: 30_000 })
  client = new Client({ connectionString })
  await client.connect()
})
afterAll(async () => {
  await source?.close()
  await client?.end()
})

const type = (key: string) => catalogue.get(key) as ReportDefinition
const choice = (changes: Partial<QueryChoice> = {}): QueryChoice => ({
  filters: {},
  viewer: admin,
  timeZone: 'Europe/Paris',
  ...changes,
})

async function handCount(fromAndWhere: string): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`select count(*) as n from ${fromAndWhere}`)
  return Number(rows[0]?.n)
}

/** The count, the page's rows and COPY's rows, which must be equal. */
async function counted(key: string, changes: Partial<QueryChoice>): Promise<number> {
  const definition = type(key)
  const [total] = (await source.rows(compileCount(definition, choice(changes)))).rows
  const { rows } = await source.rows(compileQuery(definition, choice(changes)))
  const copy = source.copyOut(compileQuery(definition, choice(changes)))
  for await (const _ of copy);
  expect(rows).toHaveLength(Number(total?.[0]))
  expect(copy.rowCount).toBe(rows.length)
  return rows.length
}

describe('every filter of every type', () => {
  const pupilsOf = 'pupils p join schools s on s.id = p.school_id join provinces v on v.id = s.province_id'
  const ticketsOf = `reception_tickets t join sites s on s.id = t.site_id
    join operators o on o.id = t.volunteer_id join destinations d on d.id = t.destination_id`
  const difference = 'closing_amount - (opening_amount + cash_sales - withdrawals)'

  const cases: [string, string, FilterValue, string][] = [
    [
      'cash_session',
      'period',
      { from: '2026-01-01', to: '2026-03-31' },
      `cash_sessions where (opened_at at time zone 'Europe/Paris')::date between '2026-01-01' and '2026-03-31'`,
    ],
    [
      'cash_session',
      'site',
      ['Recyclerie de l’Île Verte', 'Déchèterie Saint-Étienne « Nord »'],
      'cash_sessions where site_id in (2, 3)',
    ],
    ['cash_session', 'status', 'contrôlée', `cash_sessions where status = 'contrôlée'`],
    [
      'cash_session',
      'operator',
      'FRANCOIS',
      `cash_sessions where opened_by = (select id from operators where full_name = 'François Morel')`,
    ],
    ['cash_session', 'difference', { max: -0.01 }, `cash_sessions where ${difference} < 0`],
    [
      'cash_session',
      'difference',
      { min: -0.01, max: 0.01 },
      `cash_sessions where abs(${difference}) <= 0.01`,
    ],
    ['cash_session', 'checked', false, `cash_sessions where checked = false`],
    [
      'reception_ticket',
      'period',
      { from: '2026-03-29', to: '2026-03-29' },
      `reception_tickets where received_at >= '2026-03-29 00:00+01' and received_at < '2026-03-30 00:00+02'`,
    ],
    [
      'reception_ticket',
      'site',
      ["Ressourcerie d'Annonay ; quai n° 2"],
      'reception_tickets where site_id = 5',
    ],
    ['reception_ticket', 'category', ['1', '12'], 'reception_tickets where category_id in (1, 12)'],
    ['reception_ticket', 'destination', 'don', `${ticketsOf} where d.name = 'Don à une association'`],
    [
      'reception_ticket',
      'donor_kind',
      ['Collectivité'],
      `reception_tickets where donor_kind = 'Collectivité'`,
    ],
    ['reception_ticket', 'volunteer', 'o’connor', `${ticketsOf} where o.full_name = 'Patrice O''Connor'`],
    ['reception_ticket', 'volunteer', 'coeur', `${ticketsOf} where o.full_name = 'Yasmine Cœurdacier'`],
    ['reception_ticket', 'comment', 'demenagement', `reception_tickets where comment ilike '%déménagement%'`],
    [
      'reception_ticket',
      'weight_kg',
      { min: 10, max: 20.5 },
      'reception_tickets where weight_kg between 10 and 20.5',
    ],
    ['reception_ticket', 'hazardous', true, 'reception_tickets where hazardous'],
    [
      'schools',
      'period',
      { from: '2026-02-01', to: '2026-02-28' },
      `schools where (registered_at at time zone 'Europe/Paris')::date between '2026-02-01' and '2026-02-28'`,
    ],
    [
      'schools',
      'opened_on',
      { from: '1850-01-01', to: '1959-12-31' },
      `schools where opened_on < '1960-01-01'`,
    ],
    [
      'schools',
      'province',
      'Équateur',
      `schools where province_id = (select id from provinces where name = 'Équateur')`,
    ],
    ['schools', 'kind', ['Privée', 'Publique'], `schools where kind in ('Privée', 'Publique')`],
    ['schools', 'name', 'ecole primaire', `schools where name like 'École primaire%'`],
    ['schools', 'distance_km', { min: 100 }, 'schools where distance_km >= 100'],
    ['schools', 'canteen', false, 'schools where not canteen'],
    [
      'pupils',
      'period',
      { from: '2026-05-01', to: '2026-05-31' },
      `pupils where (registered_at at time zone 'Europe/Paris')::date between '2026-05-01' and '2026-05-31'`,
    ],
    [
      'pupils',
      'birth_date',
      { from: '2015-01-01', to: '2015-12-31' },
      `pupils where extract(year from birth_date) = 2015`,
    ],
    ['pupils', 'province', 'Kasaï', `${pupilsOf} where v.name = 'Kasaï'`],
    ['pupils', 'school', ['00000065', '00000130'], `${pupilsOf} where s.id in (5, 10)`],
    [
      'pupils',
      'grade',
      ['1re primaire', '6e primaire'],
      `pupils where grade in ('1re primaire', '6e primaire')`,
    ],
    ['pupils', 'sex', 'F', `pupils where sex = 'F'`],
    ['pupils', 'name', 'chançard kabongo', `pupils where first_name = 'Chançard' and last_name = 'Kabongo'`],
    ['pupils', 'attendance_rate', { max: 50 }, 'pupils where attendance_rate <= 50'],
    ['pupils', 'allergic', true, 'pupils where allergic'],
    [
      'guardians',
      'period',
      { from: '2026-05-01', to: '2026-05-31' },
      `guardians where (registered_at at time zone 'Europe/Paris')::date between '2026-05-01' and '2026-05-31'`,
    ],
    [
      'guardians',
      'birth_date',
      { from: '1890-01-01', to: '1899-12-31' },
      `guardians where birth_date < '1900-01-01'`,
    ],
    [
      'guardians',
      'province',
      'Kasaï',
      `guardians where province_id = (select id from provinces where name = 'Kasaï')`,
    ],
    ['guardians', 'relation', ['Mère', 'Sœur'], `guardians where relation in ('Mère', 'Sœur')`],
    ['guardians', 'name', 'BEATRICE', `guardians where full_name like 'Béatrice%'`],
    ['guardians', 'phone', '+24381', `guardians where phone like '+24381%'`],
    [
      'guardians',
      'pupil_count',
      { min: 2 },
      'guardians g where (select count(*) from pupils p where p.guardian_id = g.id) >= 2',
    ],
    ['guardians', 'mobile_money', false, 'guardians where mobile_money = false'],
  ]

  it.each(cases)('%s by %s %j', async (key, filter, value, hand) => {
    const expected = await handCount(hand)
    expect(expected).toBeGreaterThan(0)
    expect(await counted(key, { filters: { [filter]: value } })).toBe(expected)
  })

  it('covers every filter', () => {
    const tried = new Set(cases.map(([key, filter]) => `${key}.${filter}`))
    const all = catalogue.all().flatMap(({ key, filters }) => filters.map((filter) => `${key}.${filter.key}`))
    expect(all.filter((name) => !tried.has(name))).toEqual([])
  })

  it('joins filters with and', async () => {
    const filters = {
      period: { from: '2026-01-01', to: '2026-06-30' },
      hazardous: true,
      weight_kg: { min: 50 },
    }
    const hand = `reception_tickets where hazardous and weight_kg >= 50
      and received_at >= '2026-01-01 00:00+01' and received_at < '2026-07-01 00:00+02'`
    expect(await counted('reception_ticket', { filters })).toBe(await handCount(hand))
  })
})

describe('periods', () => {
  it('include exactly their first to last microsecond in the report’s zone', async () => {
    const filters = { period: { from: '2026-10-01', to: '2026-10-31' } }
    const query = compileQuery(
      type('pupils'),
      choice({ columns: ['registered_at'], filters, timeZone: 'Africa/Kinshasa' }),
    )
    const { rows } = await source.rows(query, { timeZone: 'Africa/Kinshasa' })
    // Newest first.
    expect(rows.at(0)).toEqual(['2026-10-31 23:59:59.999999+01'])
    expect(rows.at(-1)).toEqual(['2026-10-01 00:00:00+01'])
    expect(rows).toHaveLength(
      await handCount(
        `pupils where registered_at >= '2026-10-01 00:00+01' and registered_at < '2026-11-01 00:00+01'`,
      ),
    )
  })

  it.each(['yesterday', 'last_7_days', 'previous_week', 'previous_month', 'previous_year'] as const)(
    'have rows for %s, of every type, today',
    async (relative) => {
      for (const definition of catalogue.all()) {
        const filters = resolveFilters(
          definition,
          { period: { relative } },
          { at: new Date(), timeZone: 'Europe/Paris' },
        )
        expect(await counted(definition.key, { filters }), definition.key).toBeGreaterThan(0)
      }
    },
  )
})

describe('scope', () => {
  it.each([
    ['schools', `schools s where province_id = 7`],
    ['pupils', `pupils p join schools s on s.id = p.school_id where s.province_id = 7`],
    ['guardians', `guardians where province_id = 7`],
  ])('shows Awa only the %s of her province, with any filter', async (key, hand) => {
    const hers = await counted(key, { viewer: awa })
    expect(hers).toBe(await handCount(hand))
    expect(hers).toBeLessThan(await counted(key, {}))
    expect(await counted(key, { viewer: awa, filters: { province: 'Kinshasa' } })).toBe(0)
    const { rows } = await source.rows(
      compileQuery(type(key), choice({ viewer: awa, columns: ['province'] })),
    )
    expect(new Set(rows.flat())).toEqual(new Set(['Kasaï']))
  })

  it('shows no rows and no options of any type to a person without attributes', async () => {
    const nobody: Viewer = { id: 'nobody', role: 'user', attributes: {} }
    for (const definition of catalogue.all()) {
      expect(await counted(definition.key, {}), definition.key).toBeGreaterThan(0)
      expect(await counted(definition.key, { viewer: nobody }), definition.key).toBe(0)
      for (const filter of definition.filters) {
        if (!('options' in filter) || Array.isArray(filter.options)) continue
        const list = await listOptions(source, definition, filter.key, nobody)
        expect(list, filter.key).toEqual({ options: [], truncated: false })
      }
    }
  })

  it('shows no rows to a person without a valid province', async () => {
    for (const province of ['Atlantide', "Kasaï' or true --", '', '%']) {
      expect(await counted('pupils', { viewer: { ...awa, attributes: { province } } })).toBe(0)
    }
  })
})

describe('the attributes that scopes ask for', () => {
  it('are named once each, with the types that ask', () => {
    expect(scopeAttributes(catalogue)).toEqual([
      { attribute: 'site', label: { fr: 'Site', en: 'Site' }, types: ['cash_session', 'reception_ticket'] },
      {
        attribute: 'province',
        label: { fr: 'Province', en: 'Province' },
        types: ['guardians', 'pupils', 'schools'],
      },
    ])
  })

  it('have the values found in the source: sorted, bounded', async () => {
    const { rows } = await client.query<{ name: string }>('select name from provinces')
    const all = await listScopeValues(source, catalogue, 'province')
    expect(all?.truncated).toBe(false)
    expect(all?.values.toSorted()).toEqual(rows.map(({ name }) => name).toSorted())
    expect(await listScopeValues(source, catalogue, 'province', 2)).toEqual({
      values: all?.values.slice(0, 2),
      truncated: true,
    })
    expect(await listScopeValues(source, catalogue, 'constructor')).toBeNull()
  })

  it('have the distinct values of the scope’s expression when the type names no query', async () => {
    const schools = type('schools')
    const scopeBy = { ...(schools.scopeBy as ScopeByAttribute), values: undefined }
    const found = await listScopeValues(source, { all: () => [{ ...schools, scopeBy }] }, 'province')
    const hand = await handCount('(select distinct province_id from schools) as found')
    expect(found?.values).toHaveLength(hand)
  })
})

describe('hostile values', () => {
  it.each(["'; DROP TABLE pupils; --", '%', '_', '\\', "' or '1'='1", '$1', '{}', '"'])(
    'match as text: %s',
    async (text) => {
      const hand = await client.query<{ n: string }>(
        'select count(*) as n from pupils where strpos(first_name || last_name, $1) > 0',
        [text],
      )
      expect(await counted('pupils', { filters: { name: text } })).toBe(Number(hand.rows[0]?.n))
      expect(await counted('pupils', { filters: { school: [text], province: text } })).toBe(0)
      expect(await handCount('pupils')).toBeGreaterThan(0)
    },
  )

  it('finds wildcards, quotes and backslashes literally', async () => {
    for (const text of ['100 %', 'coton_bio', '\\2026\\bac', "'; DROP TABLE reception_tickets", '"bois"']) {
      const hand = await client.query<{ n: string }>(
        'select count(*) as n from guardians where strpos(note, $1) > 0',
        [text],
      )
      const notes = {
        ...type('guardians'),
        filters: [
          { key: 'note', label: { fr: 'N', en: 'N' }, kind: 'contains' as const, sql: sql`guardian.note` },
        ],
      }
      const { rows } = await source.rows(compileCount(notes, choice({ filters: { note: text } })))
      expect(Number(hand.rows[0]?.n), text).toBeGreaterThan(0)
      expect(rows).toEqual([[hand.rows[0]?.n]])
    }
  })
})

it('folds text in SQL and JavaScript alike, in every locale', async () => {
  const texts = [
    ...awkwardTexts,
    ...frenchFullNames,
    ...congoleseLastNames,
    'ŁÓDŹ Straße ØRE Đà Nẵng ŒUVRE Æsir ﬁn',
  ]
  for (const collation of ['default', 'C']) {
    const folding = sql`select ${foldedSql(sql`text collate ${raw(`"${collation}"`)}`)} from unnest(${texts}::text[]) as text`
    const { rows } = await source.rows(folding)
    expect(rows.flat(), collation).toEqual(texts.map(folded))
  }
})

describe('columns, order and pages', () => {
  it.each(['cash_session', 'reception_ticket', 'schools', 'pupils', 'guardians'])(
    'returns every column of %s, named and ordered as chosen',
    async (key) => {
      const columns = type(key)
        .columns.map((column) => column.key)
        .reverse()
      const { fields, rows } = await source.rows(compileQuery(type(key), choice({ columns, limit: 50 })))
      expect(fields).toEqual(columns)
      expect(rows).toHaveLength(50)
      for (const index of columns.keys())
        expect(
          rows.some((row) => row[index] !== null),
          columns[index],
        ).toBe(true)
    },
  )

  it.each(['cash_session', 'reception_ticket', 'schools', 'pupils', 'guardians'])(
    'pages through %s by any column without losing or repeating a row',
    async (key) => {
      const definition = type(key)
      const unique = {
        ...definition,
        columns: [
          ...definition.columns,
          { key: 'unique_key', label: definition.title, type: 'text' as const, sql: definition.uniqueKey },
        ],
      }
      for (const { key: column } of definition.columns) {
        const ordered = choice({ columns: ['unique_key'], orderBy: { column, direction: 'desc' } })
        const whole = (await source.rows(compileQuery(unique, { ...ordered, limit: 90 }))).rows
        const pages = []
        for (const offset of [0, 30, 60]) {
          pages.push(...(await source.rows(compileQuery(unique, { ...ordered, limit: 30, offset }))).rows)
        }
        expect(pages, column).toEqual(whole)
        expect(new Set(pages.flat()).size, column).toBe(90)
      }
    },
  )

  it('sorts texts regardless of accents and case, numbers as numbers, blanks last', async () => {
    const provinces = await source.rows(
      compileQuery(
        type('schools'),
        choice({ columns: ['province'], orderBy: { column: 'province', direction: 'asc' } }),
      ),
    )
    const names = [...new Set(provinces.rows.flat())]
    expect(names.slice(0, 3)).toEqual(['Bas-Uele', 'Équateur', 'Haut-Katanga'])
    const weights = await source.rows(
      compileQuery(
        type('pupils'),
        choice({ columns: ['weight_kg'], orderBy: { column: 'weight_kg', direction: 'desc' } }),
      ),
    )
    const values = weights.rows.flat()
    const numbers = values.filter((value) => value !== null).map(Number)
    expect(numbers).toEqual([...numbers].sort((left, right) => right - left))
    expect(values.slice(numbers.length).every((value) => value === null)).toBe(true)
    expect(values.length).toBeGreaterThan(numbers.length)
  })

  it('reads only the tables that the chosen columns need, and uses the index of the period', async () => {
    const filters = { period: { from: '2026-10-01', to: '2026-10-01' } }
    const { text, values } = toQuery(
      compileQuery(type('reception_ticket'), choice({ columns: ['number', 'site'], filters })),
    )
    const plan = await client.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...values])
    const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(lines).toContain('reception_tickets_received_at_id_idx')
    expect(lines).toContain('sites')
    expect(lines).not.toMatch(/operators|categories|destinations/)
  })
})

describe('options', () => {
  it('lists options of a query, of the rows, and of a fixed list', async () => {
    const categories = await listOptions(source, type('reception_ticket'), 'category', admin)
    expect(categories?.options).toHaveLength(12)
    expect(categories?.options[0]).toEqual({
      value: '11',
      label: { fr: 'Bibelots et œuvres d’art', en: 'Bibelots et œuvres d’art' },
    })
    const kinds = await listOptions(source, type('schools'), 'kind', admin)
    expect(kinds?.options.map(({ value }) => value)).toContain('Conventionnée kimbanguiste')
    const sexes = await listOptions(source, type('pupils'), 'sex', admin, { search: 'fil' })
    expect(sexes).toEqual({ options: [{ value: 'F', label: { fr: 'Fille', en: 'Girl' } }], truncated: false })
    expect(await listOptions(source, type('pupils'), 'period', admin)).toBeNull()
    expect(await listOptions(source, type('pupils'), 'constructor', admin)).toBeNull()
  })

  it('lists only the options of Awa’s province for Awa', async () => {
    for (const key of ['schools', 'pupils', 'guardians']) {
      const provinces = await listOptions(source, type(key), 'province', awa)
      expect(provinces?.options.map(({ value }) => value)).toEqual(['Kasaï'])
    }
    const schools = await listOptions(source, type('pupils'), 'school', awa, { limit: 1000 })
    expect(schools?.options).toHaveLength(await handCount('schools where province_id = 7'))
  })

  it('narrows by search, and sets truncated when options are left out', async () => {
    const some = await listOptions(source, type('pupils'), 'school', admin, { search: 'ECOLE', limit: 5 })
    expect(some).toMatchObject({ truncated: true })
    expect(some?.options).toHaveLength(5)
    expect(some?.options.every(({ label }) => label.fr.includes('École'))).toBe(true)
    expect(await listOptions(source, type('pupils'), 'school', admin, { search: "'; DROP" })).toEqual({
      options: [],
      truncated: false,
    })
  })

  it('returns the labels of chosen values', async () => {
    expect(
      await optionLabels(source, type('reception_ticket'), { category: ['1', '99'], hazardous: true }, admin),
    ).toEqual({
      category: { 1: 'Textiles et chaussures' },
    })
  })
})
