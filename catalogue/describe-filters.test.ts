import { beforeAll, describe, expect, it } from 'vitest'
import type { Catalogue } from './load-catalogue.ts'
import { loadCatalogue } from './load-catalogue.ts'
import type { ReportDefinition } from './define-report.ts'
import { describeFilters } from './describe-filters.ts'

let catalogue: Catalogue
beforeAll(async () => {
  catalogue = await loadCatalogue()
})
const type = (key: string) => catalogue.get(key) as ReportDefinition
/** Makes the special spaces of French typography plain, so that expectations are readable. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('describeFilters', () => {
  const filters = {
    hazardous: false,
    weight_kg: { min: 1.5, max: 2000 },
    comment: 'vélo',
    donor_kind: ['Collectivité', 'Association'],
    category: ['1', '12'],
    period: { from: '2026-10-01', to: '2026-10-31' },
  }

  it('describes each filter in French, in the order of the type', () => {
    const described = describeFilters(type('reception_ticket'), filters, 'fr', {
      category: { 1: 'Textiles et chaussures' },
    })
    expect(described.map(({ label, value }) => [label, plain(value)])).toEqual([
      ['Période', '1 au 31 octobre 2026'],
      ['Catégories', 'Textiles et chaussures, 12'],
      ['Apporteur', 'Collectivité, Association'],
      ['Commentaire', 'contient « vélo »'],
      ['Poids (kg)', 'de 1,5 à 2 000'],
      ['Déchet dangereux', 'non'],
    ])
  })

  it('describes them in English', () => {
    const described = describeFilters(type('reception_ticket'), filters, 'en')
    expect(described.map(({ label, value }) => [label, plain(value)])).toEqual([
      ['Period', expect.stringMatching(/^1\s?–\s?31 October 2026$/)],
      ['Categories', '1, 12'],
      ['Donor', 'Local authority, Charity'],
      ['Comment', 'contains “vélo”'],
      ['Weight (kg)', 'from 1.5 to 2,000'],
      ['Hazardous', 'no'],
    ])
  })

  it.each([
    [{ min: -1 }, 'au moins -1'],
    [{ max: 0 }, 'au plus 0'],
  ])('describes a range with one bound', (difference, said) => {
    expect(describeFilters(type('cash_session'), { difference }, 'fr')).toEqual([
      { label: 'Écart (€)', value: said },
    ])
  })

  it('shows a filter that the type no longer has', () => {
    expect(describeFilters(type('schools'), { former: 'x' }, 'fr')).toEqual([{ label: 'former', value: 'x' }])
  })
})
