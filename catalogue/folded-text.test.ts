import { expect, it } from 'vitest'
import { folded } from './folded-text.ts'

it.each([
  ['École « Élisée » d’Œuvre', "ecole « elisee » d'oeuvre"],
  ['Łódź, Ångström, Straße, Đà Nẵng', 'lodz, angstrom, strasse, da nang'],
  ['Cafe\u0301 1\u202f250\u00a0€', 'cafe 1 250 €'],
  ['100 %_\\', '100 %_\\'],
])('folds %s', (text, plain) => {
  expect(folded(text)).toBe(plain)
})
