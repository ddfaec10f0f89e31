import { expect, it } from 'vitest'
import type { ColumnDescription } from '#domain/report-type.ts'
import { toCopyText } from '../copy-text.fixture.ts'
import { csvFile } from './csv-file.ts'

async function csv(labels: string[], locale: 'fr' | 'en'): Promise<string> {
  const columns = labels.map((label, index): ColumnDescription => {
    return { key: `c${index}`, label: { fr: label, en: label }, type: 'text' }
  })
  const rows = async function* () {
    yield await Promise.resolve(toCopyText([labels.map(() => 'x')]))
  }
  const parts: Buffer[] = []
  for await (const part of csvFile({ columns, locale, rows: rows(), onRows: () => {} })) parts.push(part)
  return Buffer.concat(parts).toString()
}

it('writes labels as texts: no formula, and in quotes with any separator', async () => {
  const labels = ['=1+1', '＝1', '\n@x', 'Prix, HT', 'Prix; TTC', 'Nom']
  const [fr, en] = [await csv(labels, 'fr'), await csv(labels, 'en')]
  const cells = ["'=1+1", "'＝1", `"'\n@x"`, '"Prix, HT"', '"Prix; TTC"', 'Nom']
  expect(fr).toBe(`\ufeff${cells.join(';')}\r\nx;x;x;x;x;x\r\n`)
  expect(en).toBe(`\ufeff${cells.join(',')}\r\nx,x,x,x,x,x\r\n`)
})
