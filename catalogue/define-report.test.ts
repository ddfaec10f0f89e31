import { describe, expect, it } from 'vitest'
import type { Viewer } from '#domain/report-type.ts'
import { defineReport, mayUse, ReportDefinitionError, type ReportDefinition } from './define-report.ts'
import { sql } from './sql.ts'

const label = { fr: 'Libellé', en: 'Label' }
const whole: ReportDefinition = {
  key: 'loans',
  title: { fr: 'Prêts', en: 'Loans' },
  access: ['admin'],
  from: sql`loans loan`,
  columns: [{ key: 'number', label, type: 'text', sql: sql`loan.number`, default: true }],
  filters: [{ key: 'late', label, kind: 'boolean', sql: sql`loan.late` }],
  orderBy: sql`loan.lent_at desc`,
  uniqueKey: sql`loan.id`,
}
const byBranch = { attribute: 'branch', label, sql: sql`branch.name` }
const column = whole.columns[0] as ReportDefinition['columns'][number]

const columnsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...column, key: `number_${index}` }))

/** Definitions may come from files without type checks. */
const faultsOf = (changes: Record<string, unknown>) => {
  try {
    defineReport({ ...whole, ...changes })
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(ReportDefinitionError)
    return (error as ReportDefinitionError).faults
  }
}

describe('defineReport', () => {
  it('returns a valid definition', () => {
    expect(defineReport(whole)).toEqual(whole)
    for (const scopeBy of [byBranch, { ...byBranch, seesAll: ['admin' as const] }, () => null])
      expect(defineReport({ ...whole, scopeBy })).toEqual({ ...whole, scopeBy })
  })

  it.each([
    [{ key: 'Loans' }, 'key: "Loans" is not a name'],
    [{ key: 'a'.repeat(64) }, 'is not a name'],
    [{ title: { fr: 'Prêts' } }, 'title: needs a text in each of fr, en'],
    [{ access: [] }, 'access:'],
    [{ access: ['root'] }, 'access:'],
    [{ scope: () => undefined }, 'scope: is no longer used, because its undefined meant all rows'],
    [{ scope: undefined }, 'scope: is no longer used'],
    [{ scopeBy: undefined }, 'scopeBy: is there without a value'],
    [{ scopes: byBranch }, 'scopes: is no property of a report type: did you mean scopeBy?'],
    [{ ScopeBy: byBranch }, 'ScopeBy: is no property of a report type: did you mean scopeBy?'],
    [{ acess: ['admin'] }, 'acess: is no property of a report type: did you mean access?'],
    [
      { description: 'x' },
      'description: is no property of a report type, which are key, title, access, scopeBy',
    ],
    [
      { scopeBy: { ...byBranch, seeAll: ['user'] } },
      'scopeBy.seeAll: is no property of a scope: did you mean seesAll?',
    ],
    [
      { columns: [{ ...column, defualt: true }] },
      'columns.0 ("number"): defualt: is no property of a column: did you mean default?',
    ],
    [
      { filters: [{ key: 'x', label, kind: 'text', sql: sql`x`, options: [] }] },
      'filters.0 ("x"): options: is no property of a filter of the kind text',
    ],
    [
      { filters: [{ key: 'x', label, kind: 'one_of', sql: sql`x`, option: 'distinct' }] },
      'option: is no property of a filter of the kind one_of: did you mean options?',
    ],
    [{ title: { fr: 'Prêts', en: 'Loans', de: 'x' } }, 'title.de: is no language of the product'],
    [
      { columns: [{ ...column, label: { ...label, frr: 'x' } }] },
      'columns.0 ("number"): label.frr: is no language of the product: did you mean fr?',
    ],
    [{ reads: 'product' }, 'reads: is reserved for the types that come with the product'],
    [{ reads: 'source' }, 'reads: is reserved'],
    [{ columns: [{ ...column, sql: { fr: sql`loan.number` } }] }, 'sql is not written with sql'],
    [{ scopeBy: 'province' }, 'scopeBy: is neither'],
    [{ scopeBy: null }, 'scopeBy: is neither'],
    [{ scopeBy: { ...byBranch, attribute: 'The branch' } }, 'scopeBy.attribute: "The branch" is not a name'],
    [{ scopeBy: { ...byBranch, label: { fr: 'Agence' } } }, 'scopeBy.label: needs a text'],
    [{ scopeBy: { ...byBranch, sql: 'branch.name' } }, 'scopeBy.sql: is not written with sql'],
    [{ scopeBy: { ...byBranch, values: 'select 1' } }, 'scopeBy.values: is not written with sql'],
    [{ scopeBy: { ...byBranch, valueType: 'date); --' } }, 'scopeBy.valueType:'],
    [{ scopeBy: { ...byBranch, seesAll: 'admin' } }, 'scopeBy.seesAll:'],
    [{ scopeBy: { ...byBranch, seesAll: ['root'] } }, 'scopeBy.seesAll:'],
    [{ from: 'loans' }, 'from: is not written with sql'],
    [{ from: sql`` }, 'from: is not written with sql'],
    [{ uniqueKey: undefined }, 'uniqueKey: is not written with sql'],
    [{ orderBy: sql`lent_at desc` }, 'orderBy: write each column with its table'],
    [{ orderBy: sql`loan.lent_at, "number" nulls last` }, 'orderBy: write each column with its table'],
    [{ columns: [] }, 'columns: there are none'],
    [{ columns: undefined }, 'columns: there are none'],
    [{ columns: [column, column] }, 'columns.1 ("number"): the key is there twice'],
    [{ columns: [{ ...column, key: 'a"b' }] }, 'columns.0 ("a"b"): the key is not a name'],
    [{ columns: [{ ...column, label: { fr: 'x', en: ' ' } }] }, 'label needs a text'],
    [{ columns: [{ ...column, type: 'float' }] }, 'the type "float" is none of'],
    [{ columns: [{ ...column, type: 'decimal' }] }, 'a decimal needs its scale'],
    [{ columns: [{ ...column, scale: 2 }] }, 'scale is for decimal and money'],
    [{ columns: [{ ...column, sql: 'loan.number' }] }, 'sql is not written with sql'],
    [{ columns: [{ ...column, default: false }] }, 'none is selected by default'],
    [{ columns: [null, column] }, 'columns.0 (undefined)'],
    [{ filters: undefined }, 'filters: is not a list'],
    [{ filters: [{ key: 'x', label, kind: 'regex', sql: sql`x` }] }, 'the kind "regex" is none of'],
    [{ filters: [{ key: 'x', label, kind: 'period', sql: sql`x` }] }, 'valueType is none of date'],
    [{ filters: [{ key: 'x', label, kind: 'one_of', sql: sql`x`, options: [] }] }, 'options is no list'],
    [
      { filters: [{ key: 'x', label, kind: 'one_of', sql: sql`x`, options: [{ value: 'a' }] }] },
      'options is no list',
    ],
    [
      {
        filters: [{ key: 'x', label, kind: 'one_of', sql: sql`x`, options: 'distinct', valueType: "date'" }],
      },
      'no name of an SQL type',
    ],
  ])('refuses %o', (changes, fault) => {
    expect(faultsOf(changes).join('\n')).toContain(fault)
  })

  it('refuses more columns than PostgreSQL selects', () => {
    expect(faultsOf({ columns: columnsOf(1_600) })).toEqual([])
    expect(faultsOf({ columns: columnsOf(1_601) }).join()).toMatch(
      /columns: there are 1601, more than 1600: PostgreSQL selects 1,664/,
    )
  })

  it('refuses properties that are not its own, which the copy that is used would lack', () => {
    expect(() =>
      defineReport(Object.create({ ...whole, scopeBy: byBranch }, {}) as ReportDefinition),
    ).toThrow('it is not a plain object')
  })

  it('names all faults and the type', () => {
    expect(faultsOf({ key: 'Bad', columns: [], from: undefined })).toHaveLength(3)
    expect(() => defineReport({ ...whole, columns: [] })).toThrow('The report type "loans" is wrong')
  })

  it('accepts expressions and qualified columns in orderBy', () => {
    expect(faultsOf({ orderBy: sql`lower(loan.name), loan.lent_at desc nulls last` })).toEqual([])
  })
})

describe('mayUse', () => {
  const admin: Viewer = { id: '1', role: 'admin', attributes: {} }
  const user: Viewer = { id: '2', role: 'user', attributes: { service: 'prêts' } }

  it('allows the listed roles', () => {
    expect(mayUse(whole, admin)).toBe(true)
    expect(mayUse(whole, user)).toBe(false)
  })

  it('calls the function, and allows only for true', () => {
    const byService = { ...whole, access: ({ attributes }: Viewer) => attributes.service === 'prêts' }
    expect(mayUse(byService, user)).toBe(true)
    expect(mayUse(byService, admin)).toBe(false)
  })
})
