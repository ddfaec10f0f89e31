import { expect, it } from 'vitest'
import { nearMiss } from './near-miss.ts'

it.each([
  ['SMTP_ULR', 'SMTP_URL'],
  ['scopes', 'scope'],
  ['scopby', 'scopeBy'],
  ['SeesAll', 'seesAll'],
  ['TZ', undefined],
  ['PATH', undefined],
  ['', undefined],
])('%s: %s', (written, meant) => {
  expect(nearMiss(written, ['PORT', 'SMTP_URL', 'scope', 'scopeBy', 'seesAll'])).toBe(meant)
})
