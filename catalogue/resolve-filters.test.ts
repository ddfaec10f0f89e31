import { beforeAll, describe, expect, it } from 'vitest'
import { loadCatalogue } from './load-catalogue.ts'
import type { ReportDefinition } from './define-report.ts'
import { ReportConfigurationError } from './report-configuration.ts'
import { resolveFilters } from './resolve-filters.ts'

let tickets: ReportDefinition
beforeAll(async () => {
  tickets = (await loadCatalogue()).get('reception_ticket') as ReportDefinition
})

// 23:30 on the 31st in Paris, already the 1st in Kinshasa's neighbours to the east.
const at = new Date('2026-10-31T22:30:00Z')

describe('resolveFilters', () => {
  it('turns relative periods into days at the given time and zone', () => {
    const filters = { period: { relative: 'yesterday' } }
    expect(resolveFilters(tickets, filters, { at, timeZone: 'Europe/Paris' })).toEqual({
      period: { from: '2026-10-30', to: '2026-10-30' },
    })
    expect(resolveFilters(tickets, filters, { at, timeZone: 'Asia/Tokyo' })).toEqual({
      period: { from: '2026-10-31', to: '2026-10-31' },
    })
  })

  it('leaves everything else unchanged, so that resolving is idempotent', () => {
    const filters = {
      period: { from: '2026-10-01', to: '2026-10-31' },
      weight_kg: { min: 5 },
      hazardous: true,
    }
    const once = resolveFilters(tickets, filters, { at, timeZone: 'Europe/Paris' })
    expect(once).toEqual(filters)
    expect(resolveFilters(tickets, once, { at, timeZone: 'Asia/Tokyo' })).toEqual(filters)
  })

  it('refuses a filter that the type no longer has, rather than show more rows', () => {
    expect(() => resolveFilters(tickets, { volume: { min: 1 } }, { at, timeZone: 'UTC' })).toThrow(
      ReportConfigurationError,
    )
  })
})
