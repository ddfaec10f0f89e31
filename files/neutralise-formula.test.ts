import { describe, expect, it } from 'vitest'
import { neutraliseFormula } from './neutralise-formula.ts'

describe('formulas in CSV', () => {
  it.each([
    '=1+1',
    '+SUM(A1)',
    '-2+3',
    '@cmd',
    '\t=1',
    '\r=1',
    '\n=1',
    // Excel in East Asian settings reads the full-width forms as the signs themselves.
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(1)',
    "'＝1",
    '+33-6-12-34',
    '+',
    '-',
    '-15 % négocié',
    "'=1",
    "''@x",
  ])('puts an apostrophe before %j', (text) => expect(neutraliseFormula(text)).toBe(`'${text}`))

  it.each([
    '',
    'Été',
    '-12,5',
    '-12.5',
    '+243 810 000 000',
    '+33\u00a06\u00a012',
    '-1\u202f250,00',
    "'",
    "l'été",
    "'abc",
    ' =1',
    'ｱ',
    '！',
  ])('leaves %j unchanged', (text) => expect(neutraliseFormula(text)).toBe(text))
})
