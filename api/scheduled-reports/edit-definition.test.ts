import { expect, it } from 'vitest'
import { etagOf, matchesEtag } from '../scheduled-reports/edit-definition.ts'

it.each<[string | undefined, boolean]>([
  [undefined, true],
  ['*', true],
  ['"3"', true],
  ['W/"3"', true],
  ['"1", "3"', true],
  ['"1"', false],
  ['3', false],
  ['', false],
])('If-Match %j', (header, allowed) => expect(matchesEtag(header, etagOf({ version: 3 }))).toBe(allowed))
