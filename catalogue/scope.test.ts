import { describe, expect, it } from 'vitest'
import type { Viewer } from '#domain/report-type.ts'
import {
  allRows,
  isEverything,
  isNothing,
  scopeCondition,
  scopeNotice,
  type ScopeBy,
  type ScopeByAttribute,
} from './scope.ts'
import { sql, toQuery } from './sql.ts'

const byBranch: ScopeByAttribute = {
  attribute: 'branch',
  label: { fr: 'Agence', en: 'Branch' },
  sql: sql`branch.name`,
  seesAll: ['admin'],
}
const user = (attributes: Record<string, string>): Viewer => ({ id: 'a', role: 'user', attributes })
const admin: Viewer = { id: 'b', role: 'admin', attributes: {} }

describe('a scope by attribute', () => {
  it('compares it as a parameter', () => {
    expect(toQuery(scopeCondition({ scopeBy: byBranch }, user({ branch: "L'Est" })))).toEqual({
      text: '(branch.name)::text = $1::text',
      values: ["L'Est"],
    })
    const byNumber: ScopeBy = { ...byBranch, valueType: 'integer' }
    expect(toQuery(scopeCondition({ scopeBy: byNumber }, user({ branch: '12' }))).text).toContain('::bigint')
  })

  it.each([
    ['is missing', byBranch, {}],
    ['is blank', byBranch, { branch: ' ' }],
    ['is what every object has', { ...byBranch, attribute: 'constructor' }, {}],
    ['is no number', { ...byBranch, valueType: 'integer' as const }, { branch: '12 or true' }],
    ['is no UUID', { ...byBranch, valueType: 'uuid' as const }, { branch: '12' }],
  ])('shows no rows, and says so in both languages, when it %s', (_how, scopeBy, attributes) => {
    expect(isNothing(scopeCondition({ scopeBy }, user(attributes)))).toBe(true)
    const notice = scopeNotice({ scopeBy }, user(attributes))
    expect(notice?.fr).toContain('« Agence » : vous ne voyez aucune ligne. Demandez à un administrateur')
    expect(notice?.en).toContain('“Branch”: you see no rows. Ask an administrator')
  })

  it('shows all rows to the roles that it names, and to no other', () => {
    expect(isEverything(scopeCondition({ scopeBy: byBranch }, admin))).toBe(true)
    expect(scopeNotice({ scopeBy: byBranch }, admin)).toBeUndefined()
    const forNobody = { ...byBranch, seesAll: undefined }
    expect(isNothing(scopeCondition({ scopeBy: forNobody }, admin))).toBe(true)
  })

  it('has no notice for a person who may see rows', () => {
    expect(scopeNotice({ scopeBy: byBranch }, user({ branch: 'Est' }))).toBeUndefined()
    expect(scopeNotice({}, user({}))).toBeUndefined()
    expect(isEverything(scopeCondition({}, user({})))).toBe(true)
  })
})

describe('a scope by function', () => {
  it('shows what its condition says, and all rows for allRows alone', () => {
    const condition = sql`branch.name = ${'Est'}::text`
    expect(scopeCondition({ scopeBy: () => condition }, user({}))).toBe(condition)
    expect(isEverything(scopeCondition({ scopeBy: () => allRows }, user({})))).toBe(true)
  })

  it.each([undefined, null, '', 'true', true, 1, sql``, [], {}, { rows: 'all' }, Promise.resolve(allRows)])(
    'shows no rows for the answer %o',
    (answer) => {
      const scopeBy = (() => answer) as unknown as ScopeBy
      expect(isNothing(scopeCondition({ scopeBy }, admin))).toBe(true)
    },
  )
})
