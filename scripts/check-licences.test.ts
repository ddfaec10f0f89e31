import { expect, it } from 'vitest'
import { licenceFaults } from './check-licences.ts'

const lookedUp = ['buffers@0.1.1', 'chainsaw@0.1.0', 'unionfs@4.6.0'].map((id) => {
  const [name = '', version = ''] = id.split('@')
  return { name, version }
})
const of = (...licenses: unknown[]) => ({
  components: [...lookedUp, { name: 'one', version: '1.0.0', licenses }],
})

it.each([
  [{ license: { id: 'MIT' } }],
  [{ license: { name: 'Apache-2.0' } }],
  [{ expression: '(MIT OR GPL-3.0-or-later)' }],
])('passes %j', (licence) => {
  expect(licenceFaults(of(licence))).toEqual([])
})

it.each([
  [[{ license: { id: 'AGPL-3.0-only' } }], 'one@1.0.0: AGPL-3.0-only is not among those allowed'],
  [
    [{ license: { id: 'MIT' } }, { license: { name: 'SSPL' } }],
    'one@1.0.0: MIT, SSPL is not among those allowed',
  ],
  [[{ expression: 'MIT AND GPL-3.0-only' }], 'one@1.0.0: MIT AND GPL-3.0-only is not among those allowed'],
  [[], 'one@1.0.0: no licence is not among those allowed'],
])('refuses %j', (licences, fault) => {
  expect(licenceFaults(of(...licences))).toEqual([fault])
})

it('says when a package looked up by hand is no longer used', () => {
  expect(licenceFaults({ components: lookedUp.slice(1) })).toEqual([
    'buffers@0.1.1: looked up by hand, and no longer used',
  ])
})
