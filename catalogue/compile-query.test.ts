import { beforeAll, describe, expect, it } from 'vitest'
import type { Viewer } from '#domain/report-type.ts'
import type { Catalogue } from './load-catalogue.ts'
import { loadCatalogue } from './load-catalogue.ts'
import { compileCount, compileQuery } from './compile-query.ts'
import { defineReport, type ReportDefinition } from './define-report.ts'
import { ReportConfigurationError } from './report-configuration.ts'
import { sql, toQuery } from './sql.ts'

let catalogue: Catalogue
beforeAll(async () => {
  catalogue = await loadCatalogue()
})
const type = (key: string) => catalogue.get(key) as ReportDefinition

const admin: Viewer = { id: 'admin', role: 'admin', attributes: {} }
const awa: Viewer = { id: 'awa', role: 'user', attributes: { province: 'Kasaï' } }
const everything = { filters: {}, viewer: admin, timeZone: 'Europe/Paris' }

const label = { fr: 'Libellé', en: 'Label' }
const loans = defineReport({
  key: 'loans',
  title: { fr: 'Prêts', en: 'Loans' },
  access: ['admin'],
  scopeBy: { attribute: 'branch', label, sql: sql`loan.branch`, seesAll: ['admin'] },
  from: sql`loans loan`,
  columns: [
    { key: 'number', label, type: 'text', sql: sql`loan.number`, default: true },
    { key: 'fee', label, type: 'money', sql: sql`loan.fee`, default: true },
    { key: 'note', label, type: 'text', sql: sql`loan.note` },
  ],
  filters: [
    { key: 'lent', label, kind: 'period', sql: sql`loan.lent_at`, valueType: 'timestamptz' },
    { key: 'due', label, kind: 'period', sql: sql`loan.due_on`, valueType: 'date' },
    { key: 'returned', label, kind: 'period', sql: sql`loan.returned_at`, valueType: 'timestamp' },
    {
      key: 'branch',
      label,
      kind: 'many_of',
      sql: sql`loan.branch_id`,
      valueType: 'integer',
      options: 'distinct',
    },
    { key: 'state', label, kind: 'one_of', sql: sql`loan.state`, options: 'distinct' },
    { key: 'fee', label, kind: 'number_range', sql: sql`loan.fee` },
    { key: 'late', label, kind: 'boolean', sql: sql`loan.late` },
  ],
  orderBy: sql`loan.lent_at desc`,
  uniqueKey: sql`loan.id`,
})

describe('compileQuery', () => {
  it('selects the chosen columns only, in the order chosen, in a total order', () => {
    expect(toQuery(compileQuery(loans, { ...everything, columns: ['note', 'number'] }))).toEqual({
      text: [
        'select (loan.note) as "note", (loan.number) as "number"',
        'from loans loan',
        'order by loan.lent_at desc, loan.id',
      ].join('\n'),
      values: [],
    })
  })

  it('bounds a period by the first instants of local days, without a function on the column', () => {
    const query = compileQuery(loans, {
      ...everything,
      filters: { lent: { from: '2026-10-25', to: '2026-10-25' } },
    })
    // The day when the clock goes back: 25 hours.
    expect(toQuery(query).values).toEqual(['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'])
    expect(toQuery(query).text).toContain(
      '(loan.lent_at) >= $1::timestamptz and (loan.lent_at) < $2::timestamptz',
    )
  })

  it.each([
    // Midnight does not exist: the day begins at one.
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
    // Midnight occurs twice: the day begins at the first.
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
    ['Asia/Kathmandu', '2026-11-01', '2026-10-31T18:15:00Z', '2026-11-01T18:15:00Z'],
  ])('computes the first instant of a day in %s', (timeZone, day, from, until) => {
    const query = compileQuery(loans, { ...everything, timeZone, filters: { lent: { from: day, to: day } } })
    expect(toQuery(query).values).toEqual([from, until])
  })

  it('compares dates with dates, and timestamps without zone with UTC', () => {
    const period = { from: '2026-10-01', to: '2026-10-31' }
    const { text, values } = toQuery(
      compileQuery(loans, { ...everything, filters: { due: period, returned: period } }),
    )
    expect(text).toContain('(loan.due_on) >= $1::date and (loan.due_on) <= $2::date')
    expect(text).toContain("(loan.returned_at) >= $3::timestamptz at time zone 'UTC'")
    expect(values).toEqual(['2026-10-01', '2026-10-31', '2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'])
  })

  it('binds and casts every value of every filter', () => {
    const { text, values } = toQuery(
      compileQuery(loans, {
        ...everything,
        filters: {
          branch: ['1', '2'],
          state: "'; DROP TABLE loans; --",
          fee: { min: 0.5, max: 7 },
          late: false,
        },
        limit: 15,
        offset: 30,
      }),
    )
    expect(text).toContain(
      [
        'where ((loan.branch_id) = any($1::bigint[])) and ((loan.state)::text = $2::text)',
        'and ((loan.fee) >= $3::numeric and (loan.fee) <= $4::numeric) and ((loan.late) = $5::boolean)',
      ].join(' '),
    )
    expect(text).toContain('limit $6::bigint\noffset $7::bigint')
    expect(values).toEqual(['{"1","2"}', "'; DROP TABLE loans; --", '0.5', '7', 'false', '15', '30'])
  })

  it('sorts by a column’s value, not its rendering, blanks last, then by the type’s order', () => {
    const { text } = toQuery(
      compileQuery(loans, {
        ...everything,
        columns: ['fee'],
        orderBy: { column: 'fee', direction: 'desc' },
        render: (_column, expression) => sql`to_char(${expression}, ${'FM0.00'}::text)`,
      }),
    )
    expect(text).toBe(
      [
        'select to_char((loan.fee), $1::text) as "fee"',
        'from loans loan',
        'order by (loan.fee) desc nulls last, loan.lent_at desc, loan.id',
      ].join('\n'),
    )
  })

  it('sorts texts by a collation when one is given', () => {
    const orderBy = { column: 'number', direction: 'asc' } as const
    const { text } = toQuery(compileQuery(loans, { ...everything, orderBy, collation: 'und-x-icu' }))
    expect(text).toContain(
      'order by ((loan.number)::text collate "und-x-icu") asc nulls last, loan.lent_at desc',
    )
  })

  it('skips only keys before a deep page', () => {
    const { text, values } = toQuery(
      compileQuery(loans, {
        ...everything,
        columns: ['fee'],
        filters: { late: true },
        limit: 50,
        offset: 4000,
      }),
    )
    expect(text).toBe(
      [
        'select (loan.fee) as "fee"',
        'from loans loan',
        'where (loan.id) in (',
        'select loan.id',
        'from loans loan',
        'where ((loan.late) = $1::boolean)',
        'order by loan.lent_at desc, loan.id',
        'limit $2::bigint',
        'offset $3::bigint',
        ')',
        'order by loan.lent_at desc, loan.id',
      ].join('\n'),
    )
    expect(values).toEqual(['true', '50', '4000'])
    // With several keys one may be null, and its row would be lost.
    const lines = { ...loans, uniqueKey: sql`loan.id, line.id` }
    expect(toQuery(compileQuery(lines, { ...everything, limit: 50, offset: 4000 })).text).not.toContain(
      ' in (',
    )
  })

  it('passes each column’s description to render, without its SQL', () => {
    const seen: unknown[] = []
    compileQuery(loans, {
      ...everything,
      render: (column, expression) => {
        seen.push(column)
        return expression
      },
    })
    expect(seen).toEqual([
      { key: 'number', label, type: 'text' },
      { key: 'fee', label, type: 'money' },
    ])
  })

  it('restricts the rows to those the person may see, count included', () => {
    const viewer: Viewer = { id: '1', role: 'user', attributes: { branch: "L'Est" } }
    for (const compiled of [
      compileQuery(loans, { ...everything, viewer }),
      compileCount(loans, { ...everything, viewer }),
    ]) {
      expect(toQuery(compiled)).toMatchObject({
        text: expect.stringContaining('where ((loan.branch)::text = $1::text)'),
        values: ["L'Est"],
      })
    }
  })

  it.each(['schools', 'pupils', 'guardians'])(
    'restricts Awa to her province in %s, with any filter',
    (key) => {
      const filters = { province: 'Kinshasa' }
      const { text, values } = toQuery(compileQuery(type(key), { ...everything, viewer: awa, filters }))
      expect(text).toContain(
        'where ((province.name)::text = $1::text) and ((province.name)::text = $2::text)',
      )
      expect(values).toEqual(['Kasaï', 'Kinshasa'])
    },
  )

  it.each([
    [{ columns: ['number"; drop table loans; --'] }],
    [{ columns: [] }],
    [{ orderBy: { column: 'fee; drop table loans', direction: 'asc' as const } }],
    [{ filters: { nonsense: 'x' } }],
    [{ filters: { fee: 'x' } }],
    [{ filters: { branch: ['1) or (1=1'] } }],
  ])('refuses %j', (choice) => {
    expect(() => compileQuery(loans, { ...everything, ...choice })).toThrow(ReportConfigurationError)
  })

  it('refuses an unresolved period, and limits that are no whole numbers', () => {
    const relative = { lent: { relative: 'today' } } as never
    expect(() => compileQuery(loans, { ...everything, filters: relative })).toThrow(
      'resolve the filters first',
    )
    expect(() => compileQuery(loans, { ...everything, limit: 1.5 })).toThrow(RangeError)
    expect(() => compileQuery(loans, { ...everything, offset: -1 })).toThrow(RangeError)
  })

  it('treats any direction except desc as asc', () => {
    const orderBy = { column: 'fee', direction: 'desc; drop table loans' as 'desc' }
    expect(toQuery(compileQuery(loans, { ...everything, orderBy })).text).not.toContain('drop')
  })
})
