import { describe, expect, it } from 'vitest'
import { joinSql, raw, sql, toQuery } from './sql.ts'

describe('sql', () => {
  it('keeps values out of the text', () => {
    const hostile = `'; DROP TABLE pupils; --`
    expect(toQuery(sql`select ${hostile}::text`)).toEqual({ text: 'select $1::text', values: [hostile] })
  })

  it('numbers parameters across nested fragments in reading order', () => {
    const inner = sql`b = ${'two'}::text and c = ${3}::int`
    const query = toQuery(sql`a = ${'one'}::text and (${inner}) and d = ${true}::boolean`)
    expect(query).toEqual({
      text: 'a = $1::text and (b = $2::text and c = $3::int) and d = $4::boolean',
      values: ['one', 'two', '3', 'true'],
    })
  })

  it('writes parameters with the given placeholder, for COPY', () => {
    const { text } = toQuery(
      sql`x = ${'1'}::int or y = ${'2'}::int`,
      (n) => `current_setting('rapporteur.p${n}')`,
    )
    expect(text).toBe(
      "x = current_setting('rapporteur.p1')::int or y = current_setting('rapporteur.p2')::int",
    )
  })

  it('accepts a fragment without parameters at the beginning and the end', () => {
    expect(toQuery(sql`${raw('select 1')}`)).toEqual({ text: 'select 1', values: [] })
    expect(toQuery(sql`${sql`${'a'}::text`} = ${sql`${'b'}::text`}`)).toEqual({
      text: '$1::text = $2::text',
      values: ['a', 'b'],
    })
  })

  it('escapes quotes, backslashes, commas and braces in array literals', () => {
    const { values } = toQuery(sql`x = any(${['a"b', 'c\\d', 'e,f', '{g}', '', 'NULL']}::text[])`)
    expect(values).toEqual([String.raw`{"a\"b","c\\d","e,f","{g}","","NULL"}`])
  })

  it('joins fragments, also an empty list', () => {
    expect(toQuery(joinSql([sql`${1}`, sql`${2}`, sql`x`], ' and '))).toEqual({
      text: '$1 and $2 and x',
      values: ['1', '2'],
    })
    expect(toQuery(joinSql([], ', '))).toEqual({ text: '', values: [] })
  })
})
