import { expect, it } from 'vitest'
import { isValueOf, isValueType } from './value-type.ts'

it.each([
  ['inet', ['10.0.0.1', '10.0.0.0/8', '::1', 'fe80::1/64', '2001:DB8::', '::ffff:10.0.0.1']],
  ['numeric', ['1', '-1.50', 'NaN', 'Infinity']],
  ['date', ['2026-02-28', '12026-01-01', 'infinity', '0044-03-15 BC']],
  ['boolean', ['true', 'f']],
  ['int', ['-2147483647']],
  ['uuid', ['A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11']],
  ['shop.status', ['anything']],
])('%s has the values %j', (type, values) => {
  for (const value of values) expect(isValueOf(type, value), value).toBe(true)
})

it.each([
  [
    'inet',
    [
      '',
      '10.0.0',
      '10.0.0.256',
      '10.0.0.0.1',
      '10.0.0.1.',
      '10.0.0.1/33',
      '1::2::3',
      '::1/129',
      'a/b/c',
      '::1]',
    ],
  ],
  ['numeric', ['', '1,5', '1e9999', '--1', '.5']],
  ['date', ['2026-02-31', '0000-01-01', 'today', '2026-1-1']],
  ['boolean', ['vrai', '1 or 1']],
  ['int', ['2147483648', '1.0']],
  ['bigint', ['1234567890123456789012']],
  ['uuid', ['12']],
])('%s has not the values %j', (type, values) => {
  for (const value of values) expect(isValueOf(type, value), value).toBe(false)
})

it('is a name of one or two parts, and no SQL', () => {
  for (const name of ['integer', 'shop.status', 'timestamp with time zone', 'numeric(10,2)'])
    expect(isValueType(name), name).toBe(true)
  for (const name of ['', "int'", 'int); drop table x; --', 'int[]', 'a.b.c', 5, undefined])
    expect(isValueType(name), String(name)).toBe(false)
})
