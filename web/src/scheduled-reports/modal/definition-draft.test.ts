import { describe, expect, it } from 'vitest'
import type { ReportType, ScheduledReportJson } from '../../api.ts'
import {
  differingFields,
  draftIssues,
  draftOf,
  fieldOfPath,
  inputOf,
  newDraft,
  sameDraft,
  timingIssues,
  timingOf,
  type Draft,
} from './definition-draft.ts'

const column = (key: string) =>
  ({ key, label: key, type: 'text', scale: null, default: true, total: null }) as const
const sales: ReportType = {
  key: 'sales',
  title: 'Ventes',
  notice: null,
  columns: [column('day'), column('amount')],
  filters: [
    { key: 'period', label: 'Période', kind: 'period', options: null, relative: null },
    { key: 'sites', label: 'Sites', kind: 'many_of', options: null, relative: null },
  ],
}
const person = { time_zone: 'Europe/Paris', locale: 'fr' } as const
const complete = newDraft(person, {
  name: 'Ventes du jour',
  type: 'sales',
  columns: ['day', 'amount'],
  recipients: ['direction@exemple.fr'],
  filters_json: { period: { relative: 'yesterday' } },
})
const draft = (changes: Partial<Draft>): Draft => ({ ...complete, ...changes })

const saved: ScheduledReportJson = {
  id: '0d6f1a5e-5f0e-4a53-9f5c-3f0f2f1f0a11',
  user_id: 'u',
  user_name: 'Camille',
  owner_active: true,
  name: 'Caisse',
  type: 'sales',
  type_title: 'Ventes',
  type_gone: false,
  frequency: 'monthly',
  time: '07:30',
  weekdays: [1],
  month_day: 'last',
  cron_expression: null,
  time_zone: 'Africa/Kinshasa',
  description: 'Le dernier jour du mois à 07:30',
  recipients: ['a@exemple.fr', 'b@exemple.fr'],
  format: 'csv',
  columns: ['amount'],
  filters_json: { sites: ['evry'] },
  locale: 'en',
  enabled: false,
  pause_note: 'en pause',
  missed_runs: 'all',
  csv: { separator: 'tab' },
  only_if_rows: true,
  spread_minutes: 5,
  pause_after_failures: 3,
  subject: null,
  message: 'Bonjour',
  last_run: null,
  last_status: null,
  next_run: null,
  recent: [],
  sync: 'applied',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
}

describe('a draft', () => {
  it('begins in its person’s zone and language, with what is given', () => {
    const begun = newDraft({ time_zone: 'America/Montreal', locale: 'en' }, { name: 'x', weekdays: [5] })
    expect(begun).toMatchObject({ time_zone: 'America/Montreal', locale: 'en', name: 'x', weekdays: [5] })
    expect(begun).toMatchObject({ frequency: 'daily', time: '08:00', enabled: true, recipients: [] })
  })

  it('of a saved definition goes back as it came, without what the service decides', () => {
    const input = inputOf(draftOf(saved))
    const kept = Object.fromEntries(Object.keys(input).map((key) => [key, saved[key as keyof typeof saved]]))
    // Of a monthly one; the service keeps the default of what its frequency does not look at.
    expect(input).toEqual({ ...kept, weekdays: undefined })
    expect(inputOf(draftOf({ ...saved, frequency: 'custom' }))).toMatchObject({
      time: undefined,
      weekdays: undefined,
      month_day: undefined,
    })
    expect(input).not.toHaveProperty('id')
    expect(input).not.toHaveProperty('pause_note')
  })

  it.each([
    [
      'a cron expression that is not used',
      { frequency: 'daily', cron_expression: '0 6 * * *' },
      'cron_expression',
      null,
    ],
    [
      'a cron expression in use',
      { frequency: 'custom', cron_expression: '0 6 * * *' },
      'cron_expression',
      '0 6 * * *',
    ],
    ['a blank subject', { subject: '  ' }, 'subject', null],
    ['a subject with spaces', { subject: ' Ventes ' }, 'subject', ' Ventes '],
    ['a blank message', { message: '\n' }, 'message', null],
  ] as const)('%s is sent as it should be', (_, changes, field, sent) => {
    expect(inputOf(draft(changes))[field]).toBe(sent)
  })
})

describe('timingOf', () => {
  const parts = { weekdays: [1, 5], month_day: 'last', cron_expression: '0 6 * * *' } as const
  it.each([
    ['daily', { time: '08:00' }],
    ['weekly', { time: '08:00', weekdays: [1, 5] }],
    ['monthly', { time: '08:00', month_day: 'last' }],
    ['custom', { cron_expression: '0 6 * * *' }],
  ] as const)('%s has only what it uses', (frequency, used) => {
    expect(timingOf(draft({ ...parts, frequency }), 'en')).toEqual({
      frequency,
      time_zone: 'Europe/Paris',
      spread_minutes: null,
      locale: 'en',
      ...used,
    })
  })
})

describe('draftIssues', () => {
  const paths = (changes: Partial<Draft>, type: ReportType | undefined = sales) =>
    draftIssues(draft(changes), type, 'fr').map(({ path }) => path)

  it('finds nothing wrong with a complete draft', () => {
    expect(draftIssues(complete, sales, 'fr')).toEqual([])
  })

  it.each<[string, Partial<Draft>, string[]]>([
    ['no name', { name: '' }, ['name']],
    ['a name that is too long', { name: 'x'.repeat(201) }, ['name']],
    ['no column', { columns: [] }, ['columns']],
    ['an address that is none', { recipients: ['a@exemple.fr', 'b@'] }, ['recipients.1']],
    ['a spread over an hour', { spread_minutes: 61 }, ['spread_minutes']],
    ['a count that is no number', { pause_after_failures: Number.NaN }, ['pause_after_failures']],
    ['a time that is none', { time: '25:00' }, ['time']],
    ['no day of the week', { frequency: 'weekly', weekdays: [] }, ['weekdays']],
    ['a zone that is none', { time_zone: 'Europe/Paname' }, ['time_zone']],
    ['a cron expression that is none', { frequency: 'custom', cron_expression: '* *' }, ['cron_expression']],
    ['a cron expression that is not used', { cron_expression: '* *' }, []],
    ['a period that is none', { filters_json: { period: {} } }, ['filters_json.period']],
    ['a filter the type does not have', { filters_json: { city: 7 } }, []],
    [
      'several at once',
      { name: '', time: '', filters_json: { sites: [] } },
      ['name', 'time', 'filters_json.sites'],
    ],
  ])('%s', (_, changes, expected) => {
    expect(paths(changes)).toEqual(expected)
  })

  it('without a type, only that there is none is wrong', () => {
    expect(draftIssues(draft({ type: '', columns: [] }), undefined, 'fr').map(({ path }) => path)).toEqual([
      'type',
    ])
  })

  it('says what is wrong in the language one reads', () => {
    const wrong = draft({ frequency: 'weekly', weekdays: [] })
    const [fr, en] = (['fr', 'en'] as const).map((locale) => timingIssues(wrong, locale)[0]?.message)
    expect(fr).toMatch(/jour/)
    expect(en).toMatch(/day/)
    expect(draftIssues(draft({ recipients: ['x'] }), sales, 'en')[0]?.message).toMatch(/email address/)
    expect(draftIssues(draft({ recipients: ['x'] }), sales, 'fr')[0]?.message).toMatch(/adresse électronique/)
  })
})

describe('differences', () => {
  it.each<[string, Partial<Draft>, Partial<Draft>, string[]]>([
    ['a name', { name: 'a' }, { name: 'b' }, ['name']],
    [
      'filters in another order',
      { filters_json: { a: 1, b: { c: 2, d: 3 } } },
      { filters_json: { b: { d: 3, c: 2 }, a: 1 } },
      [],
    ],
    ['columns in another order', { columns: ['a', 'b'] }, { columns: ['b', 'a'] }, ['columns']],
    ['a weekday that neither uses', { weekdays: [1] }, { weekdays: [2] }, []],
    [
      'a weekday that one of them uses',
      { frequency: 'weekly', weekdays: [1] },
      { weekdays: [2] },
      ['frequency', 'weekdays'],
    ],
    [
      'a time under a cron expression',
      { frequency: 'custom', time: '08:00' },
      { frequency: 'custom', time: '09:00' },
      [],
    ],
    [
      'never and a number',
      { pause_after_failures: null },
      { pause_after_failures: 1 },
      ['pause_after_failures'],
    ],
  ])('%s', (_, left, right, fields) => {
    expect(differingFields(draft(left), draft(right))).toEqual(fields)
    expect(sameDraft(draft(left), draft(right))).toBe(fields.length === 0)
  })
})

it.each([
  ['name', 'name'],
  ['recipients.3', 'recipients'],
  ['filters_json.period.from', 'filters_json'],
  ['user_id', undefined],
  ['toString', undefined],
  ['', undefined],
])('the path %j belongs to the field %s', (path, field) => {
  expect(fieldOfPath(path, complete)).toBe(field)
})
