import { beforeAll, describe, expect, it } from 'vitest'
import { loadCatalogue } from './load-catalogue.ts'
import type { ReportDefinition } from './define-report.ts'
import { checkColumnsAndFilters, columnsOf, ReportConfigurationError } from './report-configuration.ts'

let tickets: ReportDefinition
beforeAll(async () => {
  tickets = (await loadCatalogue()).get('reception_ticket') as ReportDefinition
})

describe('checkColumnsAndFilters', () => {
  it('returns no issue for a valid or an empty choice', () => {
    expect(checkColumnsAndFilters(tickets, {})).toEqual([])
    expect(
      checkColumnsAndFilters(tickets, {
        columns: ['weight_kg', 'number'],
        filters: {
          period: { relative: 'yesterday' },
          site: ['Ressourcerie fermée depuis'],
          category: ['1', '12'],
          donor_kind: ['Collectivité'],
          hazardous: false,
        },
      }),
    ).toEqual([])
  })

  it('returns each issue with its path, in both languages', () => {
    const issues = checkColumnsAndFilters(tickets, {
      columns: ['number', 'nonsense', 'number'],
      filters: { period: { relative: 'soon' }, nonsense: 1, category: ['twelve'], donor_kind: ['Martien'] },
    })
    expect(issues.map(({ path }) => path)).toEqual([
      'columns.1',
      'columns.2',
      'filters_json.period',
      'filters_json.nonsense',
      'filters_json.category',
      'filters_json.donor_kind',
    ])
    expect(issues[0]?.message).toEqual({
      fr: 'la colonne « nonsense » n’existe pas pour le type « reception_ticket »',
      en: 'the type "reception_ticket" has no column "nonsense"',
    })
    expect(issues[1]?.message.fr).toBe('la colonne « number » est déjà choisie')
    expect(issues[5]?.message).toEqual({
      fr: '« Martien » n’est pas un choix possible',
      en: '"Martien" is not one of the choices',
    })
  })

  it('requires at least one column', () => {
    expect(checkColumnsAndFilters(tickets, { columns: [] })).toMatchObject([{ path: 'columns' }])
  })

  it.each(['__proto__', 'constructor', 'toString', 'number"; drop table x; --', 'number, ticket.id', ''])(
    'refuses an unknown column or filter %j',
    (key) => {
      const filters = JSON.parse(`{${JSON.stringify(key)}: "x"}`) as Record<string, unknown>
      expect(checkColumnsAndFilters(tickets, { columns: [key], filters })).toMatchObject([
        { path: 'columns.0' },
        { path: `filters_json.${key}` },
      ])
    },
  )

  it('repeats only the beginning of a long input', () => {
    const [issue] = checkColumnsAndFilters(tickets, { columns: ['x'.repeat(100_000)] })
    expect(issue?.message.fr.length).toBeLessThan(200)
  })
})

describe('columnsOf', () => {
  it('describes the chosen columns in the order chosen, without SQL', () => {
    expect(columnsOf(tickets, ['weight_kg', 'number'])).toEqual([
      { key: 'weight_kg', label: { fr: 'Poids (kg)', en: 'Weight (kg)' }, type: 'decimal', scale: 3 },
      { key: 'number', label: { fr: 'N° de ticket', en: 'Ticket no.' }, type: 'text' },
    ])
  })

  it('returns the default columns when none are given', () => {
    const keys = columnsOf(tickets).map(({ key }) => key)
    expect(keys).toHaveLength(12)
    expect(keys).not.toContain('comment')
  })

  it('refuses columns that the type does not have', () => {
    expect(() => columnsOf(tickets, ['number', 'nonsense'])).toThrow(ReportConfigurationError)
  })
})
