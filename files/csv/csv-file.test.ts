import { expect, it } from 'vitest'
import { csvOptionsOf, type CsvChoices } from '#domain/csv-options.ts'
import type { ColumnDescription } from '#domain/report-type.ts'
import { toCopyText } from '../copy-text.fixture.ts'
import { csvFile } from './csv-file.ts'

async function csv(labels: string[], locale: 'fr' | 'en', choices: CsvChoices = {}): Promise<string> {
  const options = csvOptionsOf(locale, choices)
  const columns = labels.map((label, index): ColumnDescription => {
    return { key: `c${index}`, label: { fr: label, en: label }, type: 'text' }
  })
  const rows = async function* () {
    yield await Promise.resolve(toCopyText([labels.map(() => 'x')]))
  }
  const parts: Buffer[] = []
  for await (const part of csvFile({ columns, locale, options, rows: rows(), onRows: () => {} }))
    parts.push(part)
  return Buffer.concat(parts).toString()
}

it('writes labels as texts: no formula, and in quotes with any separator', async () => {
  const labels = ['=1+1', '＝1', '\n@x', 'Prix, HT', 'Prix; TTC', 'Nom']
  const [fr, en] = [await csv(labels, 'fr'), await csv(labels, 'en')]
  const cells = ["'=1+1", "'＝1", `"'\n@x"`, '"Prix, HT"', '"Prix; TTC"', 'Nom']
  expect(fr).toBe(`\ufeff${cells.join(';')}\r\nx;x;x;x;x;x\r\n`)
  expect(en).toBe(`\ufeff${cells.join(',')}\r\nx,x,x,x,x,x\r\n`)
})

it('writes the header asked for', async () => {
  const labels = ['ID', 'NULL', 'Prix | HT']
  expect(await csv(labels, 'fr', { header: 'none' })).toBe('\ufeffx;x;x\r\n')
  expect(await csv(labels, 'fr', { header: 'keys', bom: false, line_end: 'lf' })).toBe('c0;c1;c2\nx;x;x\n')
  expect(await csv(labels, 'fr', { quoting: 'always', separator: '|' })).toBe(
    '\ufeff"ID"|"NULL"|"Prix | HT"\r\n"x"|"x"|"x"\r\n',
  )
  // Excel takes a file that begins with ID for another format.
  expect(await csv(labels, 'en', { preset: 'rfc4180', separator: '|', null_text: 'NULL' })).toBe(
    '"ID"|"NULL"|"Prix | HT"\r\nx|x|x\r\n',
  )
})
