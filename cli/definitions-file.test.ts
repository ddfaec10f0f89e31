import { describe, expect, it } from 'vitest'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { bodyOf, changesOf, fromYaml, toYaml } from './definitions-file.ts'

const present: ScheduledReportJson = {
  id: '0b6a4d0e-7a55-4f2b-9f52-5c8f4b0f4a11',
  user_id: 'u',
  user_name: 'Inès',
  owner_active: true,
  name: 'Écoles',
  type: 'schools',
  type_title: 'Écoles',
  type_gone: false,
  frequency: 'weekly',
  time: '07:30',
  weekdays: [1, 5],
  month_day: 1,
  cron_expression: null,
  time_zone: 'Europe/Paris',
  description: '',
  recipients: ['direction@ville.test'],
  format: 'csv',
  csv: null,
  columns: ['code', 'name'],
  filters_json: { period: { relative: 'previous_week' } },
  locale: 'fr',
  enabled: true,
  pause_note: null,
  missed_runs: 'latest',
  only_if_rows: false,
  spread_minutes: null,
  pause_after_failures: 3,
  subject: null,
  message: 'Bonjour,\n\nvoici.',
  last_run: null,
  last_status: null,
  next_run: null,
  recent: [],
  sync: 'applied',
  created_at: '2026-11-01T00:00:00Z',
  updated_at: '2026-11-01T00:00:00Z',
}
const read = (text: string) => fromYaml(text, 'all.yaml', 'en')

describe('definitions as YAML', () => {
  it('hold what differs from the defaults, and are read back without a change', () => {
    const text = toYaml([present], 'https://reports.test')
    expect(text).toContain('time: 07:30')
    expect(text).not.toMatch(/missed_runs|month_day|cron|user_name|next_run/)
    const [entry] = read(text)
    expect(entry).toMatchObject({ id: present.id, name: 'Écoles', weekdays: [1, 5] })
    expect(entry && changesOf(entry, present)).toEqual([])
  })

  it('are compared as the service keeps them, and without what has no effect', () => {
    const [entry] = read(`definitions:
  - name: Écoles
    type: schools
    frequency: weekly
    time: "07:30"
    weekdays: [5, 1]
    month_day: 15
    recipients: [Direction@Ville.test]
    format: csv
    filters_json: { period: { relative: previous_week } }
    pause_after_failures: 3
    message: "Bonjour,\\n\\nvoici."
`)
    expect(entry && changesOf(entry, present)).toEqual([])
    expect(entry && bodyOf(entry, present)).toMatchObject({
      enabled: true,
      time_zone: 'Europe/Paris',
      columns: ['code', 'name'],
      locale: 'fr',
    })
    expect(entry && changesOf({ ...entry, message: null, enabled: false }, present)).toEqual([
      { field: 'enabled', from: true, to: false },
      { field: 'message', from: 'Bonjour,\n\nvoici.', to: null },
    ])
  })

  it.each([
    ['definitions:\n  - name: [', /^all\.yaml:\d: /],
    ['definitions: 3', /^all\.yaml: a list "definitions:" is expected/],
    [
      'definitions:\n  - name: x\n    type: schools\n    frequency: hourly\n',
      /^all\.yaml:4: frequency: .*\nall\.yaml:2: recipients: Is required\./,
    ],
    ['definitions:\n  - nom: x\n', /all\.yaml:2: nom: Is not a field known here\./],
  ])('that are wrong are told with their line: %j', (text, words) => {
    expect(() => read(text)).toThrow(words)
  })

  it('of one name are refused', () => {
    const entry = '  - { name: x, type: t, frequency: daily, recipients: [a@b.test], format: csv }\n'
    expect(() => read(`definitions:\n${entry}${entry}`)).toThrow('all.yaml:3: "x" is the name of line 2, too')
  })
})
