import { expect, it } from 'vitest'
import { checkDecisionIndex, checkFileNames, checkLinks } from './check-documents.ts'

const record = '# 0001 · One `queue`\n\n**Status:** accepted · 2026-11-22\n\nBecause.\n'
const row = '| 0001 | [One `queue`](0001-one-queue.md) | accepted | 2026-11-22 |\n'
const head = '# Decisions\n\n| no. | decision | status | date |\n|---|---|---|---|\n'

function decisions(index: string, text = record): Map<string, string> {
  return new Map([
    ['docs/decisions/README.md', index],
    ['docs/decisions/0001-one-queue.md', text],
  ])
}

it('accepts an index that has every record with its title, status and date', () => {
  expect(checkDecisionIndex(decisions(head + row))).toEqual([])
})

it.each([
  ['lacks a record', head],
  ['has a record that is gone', head + row + row.replace('0001', '0002')],
  ['has another title', head + row.replace('One', 'Two')],
  ['has another status', head + row.replace('accepted', 'superseded by 0002')],
  ['has another date', head + row.replace('22', '23')],
])('refuses an index that %s', (_, index) => {
  expect(checkDecisionIndex(decisions(index))).toEqual([expect.stringContaining('differs from the records')])
})

it.each([
  ['without a status', '# 0001 · One queue\n\nBecause.\n'],
  ["with another number than its file's", record.replace('0001', '0002')],
])('refuses a record %s', (_, text) => {
  expect(checkDecisionIndex(decisions(head + row, text))).toEqual([
    expect.stringContaining('docs/decisions/0001-one-queue.md: begins with'),
  ])
})

it.each([
  ['a file', '[a](docs/b.md), ![a](docs/a.png)'],
  ['a heading', '[a](docs/b.md#what-holds-it-and-n-again)'],
  ['the second heading of one name', '[a](docs/b.md#twice-1)'],
  ['a heading of its own file', '# Élan\n[a](#élan)'],
  ['another site', '[a](https://example.org/none#none)'],
  ['nothing, in code', '`[a](none.md)`\n```\n[a](none.md)\n```\n'],
])('accepts a link to %s', (_, text) => {
  expect(faultsOf(text)).toEqual([])
})

it.each([
  ['a file that does not exist', '[a](docs/none.md)', 'README.md: docs/none.md names no file'],
  [
    'a heading that does not exist',
    '[a](docs/b.md#none)',
    'README.md: docs/b.md#none names no heading of docs/b.md',
  ],
  [
    'a heading inside a code block',
    '[a](docs/b.md#comment)',
    'README.md: docs/b.md#comment names no heading of docs/b.md',
  ],
])('refuses a link to %s', (_, text, fault) => {
  expect(faultsOf(text)).toEqual([fault])
})

function faultsOf(text: string): string[] {
  const target = '# What holds it, and `N°` again\n## Twice\n## Twice\n```\n# comment\n```\n'
  const documents = new Map([
    ['README.md', text],
    ['docs/b.md', target],
  ])
  return checkLinks(documents, (path) => documents.has(path) || path === 'docs/a.png')
}

it.each([
  ['by its path', '`api/app.ts`', []],
  ['by the end of its path', '`app.ts`, `node api/app.ts EMAIL`', []],
  ['in a code block', '```\nnone.ts\n```\n', []],
  ['in a superseded record', '**Status:** superseded by 0002 · 2026-11-22\n\n`none.ts`', []],
  ['that is no project file', '`….test.ts`, `sql`…``, `a/n`', []],
  ['that does not exist', '`none.ts` and `node web/app.ts`', ['none.ts', 'web/app.ts']],
])('reads a file named %s', (_, text, missing) => {
  const documents = new Map([['README.md', text]])
  const faults = missing.map((name) => `README.md: there is no ${name}`)
  expect(checkFileNames(documents, ['api', 'api/app.ts'])).toEqual(faults)
})
