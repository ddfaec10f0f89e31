import { describe, expect, it } from 'vitest'
import { checkFilterValue, filterLimits } from './filter-values.ts'
import type { FilterKind } from './report-type.ts'

const right: [FilterKind, unknown][] = [
  ['period', { from: '2026-10-01', to: '2026-10-31' }],
  ['period', { from: '2028-02-29', to: '2028-02-29' }],
  ['period', { relative: 'previous_month' }],
  ['one_of', 'Kasaï'],
  ['many_of', ['a', 'b']],
  ['contains', '100 %_\\'],
  ['number_range', { min: -5 }],
  ['number_range', { max: 0.5 }],
  ['number_range', { min: 3, max: 3 }],
  ['boolean', false],
]

const wrong: [FilterKind, unknown, string, string][] = [
  ['period', 'yesterday', 'une période s’écrit', 'a period is'],
  ['period', { from: '2026-10-01' }, 'une période s’écrit', 'a period is'],
  ['period', { relative: 'tomorrow' }, 'previous_month', 'previous_month'],
  ['period', { relative: 'today', from: '2026-10-01' }, 'une période s’écrit', 'a period is'],
  ['period', null, 'une période s’écrit', 'a period is'],
  ['period', { from: '2026-02-30', to: '2026-03-01' }, 'existe dans le calendrier', 'exists in the calendar'],
  ['period', { from: '01/10/2026', to: '2026-10-31' }, 'AAAA-MM-JJ', 'YYYY-MM-DD'],
  ['period', { from: '0001-01-01', to: '2026-10-31' }, 'année', 'year'],
  ['period', { from: '2026-10-01', to: '9999-12-31' }, 'année', 'year'],
  ['period', { from: '2026-10-02', to: '2026-10-01' }, 'finit avant de commencer', 'ends before it begins'],
  ['one_of', '  ', 'vide', 'empty'],
  ['one_of', 3, 'un texte', 'a text'],
  ['one_of', 'a\u0000b', 'nul', 'null character'],
  ['many_of', [], 'une liste de 1', 'a list of 1'],
  ['many_of', 'a', 'une liste de 1', 'a list of 1'],
  ['many_of', ['a', 3], 'une liste de 1', 'a list of 1'],
  ['many_of', Array.from({ length: filterLimits.values + 1 }, String), 'une liste', 'a list'],
  ['contains', '', 'vide', 'empty'],
  ['contains', 'x'.repeat(201), '200', '200'],
  ['number_range', {}, 'au moins une', 'at least'],
  ['number_range', { min: '3' }, 'en nombres', 'as numbers'],
  ['number_range', { min: Number.NaN }, 'en nombres', 'as numbers'],
  ['number_range', { min: 2, max: 1 }, '« max » doit', '"max" must'],
  ['number_range', { min: 2, maximum: 1 }, 'intervalle', 'range'],
  ['boolean', 'true', 'true ou false', 'true or false'],
]

describe('checkFilterValue', () => {
  it.each(right)('accepts %s %j', (kind, value) => {
    expect(checkFilterValue(kind, value)).toEqual({ ok: true, value })
  })

  it.each(wrong)('refuses %s %j', (kind, value, fr, en) => {
    const checked = checkFilterValue(kind, value)
    expect(checked).toMatchObject({
      ok: false,
      message: { fr: expect.stringContaining(fr), en: expect.stringContaining(en) },
    })
  })
})
