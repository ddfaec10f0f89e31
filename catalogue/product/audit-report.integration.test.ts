/** The audit trail as a report, on a trail with every kind of entry, against SQL written by hand. */

import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSource, type Source } from '#adapters/source/source.ts'
import { auditKindNames, auditKinds, auditSubjects, auditVias } from '#domain/audit-kinds.ts'
import type { FilterValue } from '#domain/filter-values.ts'
import { locales } from '#domain/locale.ts'
import type { Viewer } from '#domain/report-type.ts'
import { createTestDatabase, type TestDatabase } from '#test/servers/database.ts'
import { compileCount, compileQuery, type QueryChoice } from '../compile-query.ts'
import { listOptions, optionLabels } from '../list-options.ts'
import { compileEstimate, compileTotals } from '../compile-totals.ts'
import { toQuery, type SqlFragment } from '../sql.ts'
import { auditReport } from './audit-report.ts'

const admin: Viewer = { id: 'admin', role: 'admin', attributes: {} }
const everyColumn = auditReport.columns.map(({ key }) => key)
const choice = (change: Partial<QueryChoice> = {}): QueryChoice => ({
  filters: {},
  viewer: admin,
  timeZone: 'Europe/Paris',
  columns: everyColumn,
  ...change,
})
/** One value for each filter, that finds something. */
const values: Record<string, FilterValue> = {
  period: { from: '2026-03-29', to: '2026-03-29' },
  kind: ['signed_in', 'person_changed'],
  actor: ['ines', 'omar'],
  subject_kind: 'report',
  subject: 'N° 42 ·',
  text: '10.0.0.7',
}

let database: TestDatabase
let source: Source
let client: Client

beforeAll(async () => {
  database = await createTestDatabase()
  source = createSource({ connectionString: database.url, statementTimeoutMs: 20_000 })
  client = new Client({ connectionString: database.url })
  await client.connect()
  const entries = auditKindNames.map((kind, index) => ({
    at: `2026-03-${28 + (index % 3)} 23:30:00.5+00`,
    kind,
    actor_id: ['ines', 'omar', 'lea', null][index % 4],
    actor: `Personne ${index % 4}`,
    via: auditVias[index % auditVias.length],
    ip_address: `10.0.0.${index}`,
    subject_type: auditSubjects[index % auditSubjects.length],
    subject_id: index % 5 === 3 ? '42' : `id-${index}`,
    subject: index % 5 === 3 ? 'N° 42 · Écoles' : `Objet ${index}`,
  }))
  await client.query(
    `INSERT INTO audit_event (at, kind, actor_id, actor, via, ip_address, subject_type, subject_id, subject)
    SELECT * FROM jsonb_to_recordset($1) AS entry (at timestamptz, kind text, actor_id text, actor text, via text,
      ip_address text, subject_type text, subject_id text, subject text)`,
    [JSON.stringify(entries)],
  )
})
afterAll(async () => {
  await source?.close()
  await client?.end()
  await database?.drop()
})

async function handCount(where: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM audit_event WHERE ${where}`,
  )
  return rows[0]?.n ?? -1
}

describe('what it reads', () => {
  /** Every table of a query's plan. */
  async function tablesOf(query: SqlFragment): Promise<string[]> {
    const { text, values } = toQuery(query)
    const { rows } = await client.query<{ 'QUERY PLAN': object }>(`EXPLAIN (FORMAT JSON) ${text}`, [
      ...values,
    ])
    const plan = JSON.stringify(rows)
    return [...plan.matchAll(/"Relation Name":"([^"]*)"/g)].map(([, name]) => name ?? '')
  }

  it('is the trail alone, in pages, counts, totals and options of filters', async () => {
    const asked: SqlFragment[] = locales.flatMap((locale) => [
      compileQuery(auditReport, choice({ locale, filters: values })),
      compileQuery(auditReport, choice({ locale, limit: 25, offset: 2_000 })),
      ...everyColumn.map((column) =>
        compileQuery(auditReport, choice({ locale, orderBy: { column, direction: 'asc' } })),
      ),
    ])
    asked.push(compileCount(auditReport, choice({ filters: values })), compileTotals(auditReport, choice()))
    const recorder = {
      rows: (query: SqlFragment) => {
        asked.push(query)
        return Promise.resolve({ rows: [] })
      },
    }
    for (const { key } of auditReport.filters) {
      await listOptions(recorder, auditReport, key, admin)
      await optionLabels(recorder, auditReport, { [key]: ['a'] }, admin)
    }
    const tables = await Promise.all(asked.map((query) => tablesOf(query)))
    expect(new Set(tables.flat())).toEqual(new Set(['audit_event']))
    expect(tables.every((one) => one.length > 0)).toBe(true)
    expect((await source.rows(compileEstimate(auditReport, choice()))).rows).toHaveLength(1)
  })

  it('is open to administrators alone', () => {
    expect(auditReport.access).toEqual(['admin'])
    expect(auditReport.reads).toBe('product')
  })
})

describe('filters', () => {
  it.each([
    ['period', `(at AT TIME ZONE 'Europe/Paris')::date = '2026-03-29'`],
    ['kind', `kind IN ('signed_in', 'person_changed')`],
    ['actor', `actor_id IN ('ines', 'omar')`],
    ['subject_kind', `subject_type = 'report'`],
    ['subject', `subject LIKE 'N° 42 ·%'`],
    ['text', `ip_address = '10.0.0.7'`],
  ])('by %s', async (key, where) => {
    const filters = { [key]: values[key] as FilterValue }
    const { rows } = await source.rows(compileQuery(auditReport, choice({ filters })))
    expect(rows.length).toBe(await handCount(where))
    expect(rows.length).toBeGreaterThan(0)
    expect((await source.rows(compileCount(auditReport, choice({ filters })))).rows).toEqual([
      [String(rows.length)],
    ])
  })

  it('all have a case', () => {
    expect(auditReport.filters.map(({ key }) => key)).toEqual(Object.keys(values))
  })

  it('find an object by its id, as the page’s link does', async () => {
    const filters = { subject: 'id-4' }
    const { rows } = await source.rows(compileQuery(auditReport, choice({ filters, columns: ['subject'] })))
    expect(rows).toEqual([['Objet 4']])
  })

  it('offer everybody who acted, by the newest name', async () => {
    await client.query(
      `INSERT INTO audit_event (kind, actor_id, actor, via) VALUES ('signed_in', 'ines', 'Inès Durand', 'session')`,
    )
    const offered = await listOptions(source, auditReport, 'actor', admin)
    expect(offered?.options.map(({ value, label }) => [value, label.fr])).toEqual([
      ['ines', 'Inès Durand'],
      ['omar', 'Personne 1'],
      ['lea', 'Personne 2'],
    ])
    expect(await optionLabels(source, auditReport, { actor: ['omar'] }, admin)).toEqual({
      actor: { omar: 'Personne 1' },
    })
  })
})

describe('words', () => {
  it.each(locales)('are those of the reader’s language (%s) for every kind of entry', async (locale) => {
    const query = compileQuery(auditReport, choice({ locale, columns: ['kind_code', 'kind'] }))
    const { rows } = await source.rows(query)
    for (const [code, word] of rows) expect(word).toBe(auditKinds[code as keyof typeof auditKinds][locale])
    expect(new Set(rows.map(([code]) => code)).size).toBe(auditKindNames.length)
  })

  it('sort a page by what it shows, not by codes', async () => {
    const orderBy = { column: 'kind', direction: 'asc' } as const
    const { rows } = await source.rows(
      compileQuery(auditReport, choice({ columns: ['kind'], locale: 'fr', orderBy })),
    )
    const shown = rows.map(([word]) => word ?? '')
    expect(shown).toEqual(shown.toSorted(new Intl.Collator('fr').compare))
  })

  it('tell changes and details, with what has no words as it is', async () => {
    const changes = [
      { field: 'role', from: 'user', to: 'admin' },
      { field: 'frequency', from: null, to: 'daily' },
      { field: 'weekdays', from: [1, 5], to: [] },
      { field: 'recipients', from: ['a@ville.test', 'b@ville.test'], to: ['c@ville.test'] },
      { field: 'enabled', from: true, to: false },
      { field: 'attributes', from: {}, to: { province: 'Kasaï' } },
      { field: 'a_new_one', from: '', to: 'é "quoted"' },
    ]
    await client.query(
      `INSERT INTO audit_event (kind, actor, via, request_id, changes, details)
      VALUES ('a_new_kind', 'x', 'session', 'words', $1, '{"number": 42, "scopes": ["reports:read"], "unknown": null}')`,
      [JSON.stringify(changes)],
    )
    const [french, english] = await Promise.all(
      locales.map(async (locale) => {
        const columns = ['request_id', 'kind', 'changes', 'details']
        const { rows } = await source.rows(compileQuery(auditReport, choice({ locale, columns })))
        return rows.find(([id]) => id === 'words')?.slice(1)
      }),
    )
    expect(french).toEqual([
      'a_new_kind',
      'Rôle : Utilisateur → Administrateur · Fréquence : vide → Quotidienne · ' +
        'Jours de la semaine : lundi, vendredi → vide · ' +
        'Destinataires : a@ville.test, b@ville.test → c@ville.test · Actif : oui → non · ' +
        'Restrictions : vide → {"province": "Kasaï"} · a_new_one : vide → é "quoted"',
      'N° du rapport : 42 · Droits : lire les rapports · unknown : vide',
    ])
    expect(english?.[1]).toMatch(/^Role: User → Administrator · Frequency: empty → Daily/)
    expect(english?.[1]).toContain('Enabled: yes → no')
    const { rows } = await source.rows(compileQuery(auditReport, choice({ columns: ['changes', 'details'] })))
    // Nothing to tell is no text at all.
    expect(rows.at(-1)).toEqual([null, null])
  })
})
