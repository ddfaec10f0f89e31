import { describe, expect, it } from 'vitest'
import { auditReport } from '#catalogue/product/audit-report.ts'
import { checkColumnsAndFilters } from '#catalogue/report-configuration.ts'
import { auditExportHref, type AuditFilters } from './audit-export-href.ts'

const none: AuditFilters = { du: '', au: '', today: '2026-11-28' }

/** What the data page reads from the address; each is a filter of the type, with a value that it takes. */
function filtersOf(change: Partial<AuditFilters>): unknown {
  const address = new URL(auditExportHref({ ...none, ...change }), 'http://page.test')
  expect(address.pathname).toBe('/donnees/audit')
  const filters = JSON.parse(address.searchParams.get('filtres') ?? '{}') as Record<string, unknown>
  expect(checkColumnsAndFilters(auditReport, { filters })).toEqual([])
  return filters
}

describe('auditExportHref', () => {
  it.each<[Partial<AuditFilters>, object]>([
    [{}, {}],
    [{ text: '10.0.0.7 & "x"' }, { text: '10.0.0.7 & "x"' }],
    [
      { kind: 'signed_in', person: 'p-1' },
      { kind: ['signed_in'], actor: ['p-1'] },
    ],
    [{ du: '2026-11-01', au: '2026-11-02' }, { period: { from: '2026-11-01', to: '2026-11-02' } }],
    [{ du: '2026-11-01' }, { period: { from: '2026-11-01', to: '2026-11-28' } }],
    [{ au: '2026-11-02' }, { period: { from: '2000-01-01', to: '2026-11-02' } }],
    [{ au: '1999-12-31' }, { period: { from: '1999-12-31', to: '1999-12-31' } }],
    // A day to come is no reason for a period that ends before it begins.
    [{ du: '2027-01-01' }, { period: { from: '2027-01-01', to: '2027-01-01' } }],
    [
      { subjectType: 'person', subjectId: 'p-2' },
      { subject_kind: 'person', subject: 'p-2' },
    ],
    // 42, and not 142.
    [
      { subjectType: 'report', subjectId: '42' },
      { subject_kind: 'report', subject: 'N° 42 ·' },
    ],
    [{ subjectType: 'session' }, { subject_kind: 'session' }],
    [{ subjectId: 'of no kind' }, {}],
  ])('%j is %j', (given, filters) => {
    expect(filtersOf(given)).toEqual(filters)
  })
})
