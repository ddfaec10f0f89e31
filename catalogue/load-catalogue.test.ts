import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { columnTypes, filterKinds } from '#domain/report-type.ts'
import type { ReportDefinition } from './define-report.ts'
import { isEverything, scopeCondition } from './scope.ts'
import { CatalogueError, loadCatalogue } from './load-catalogue.ts'

let extraFolder = ''
beforeEach(async () => {
  extraFolder = await mkdtemp(join(tmpdir(), 'report-types-'))
})
afterEach(() => rm(extraFolder, { recursive: true }))

const write = (name: string, text: string) => writeFile(join(extraFolder, name), text)
const definition = (
  key: string,
  columns = "[{ key: 'number', label, type: 'text', sql: sql`loan.number`, default: true }]",
) => `
  const label = { fr: 'Numéro', en: 'Number' }
  export default ({ defineReport, sql }) => defineReport({
    key: '${key}', title: { fr: 'Prêts', en: 'Loans' }, access: ['admin'], from: sql\`loans loan\`,
    columns: ${columns}, filters: [], orderBy: sql\`loan.id\`, uniqueKey: sql\`loan.id\`,
  })`

const failure = async (): Promise<string> => {
  const error: unknown = await loadCatalogue({ extraFolder }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(CatalogueError)
  return (error as CatalogueError).message
}

describe('loadCatalogue', () => {
  it('finds the built-in types', async () => {
    const catalogue = await loadCatalogue()
    expect(catalogue.all().map(({ key }) => key)).toEqual([
      'cash_session',
      'guardians',
      'pupils',
      'reception_ticket',
      'schools',
      'audit',
    ])
    expect(catalogue.get('pupils')?.title).toEqual({ fr: 'Élèves', en: 'Pupils' })
    expect(catalogue.get('constructor')).toBeUndefined()
  })

  it('uses every column type and every filter kind in the built-in types', async () => {
    const all = (await loadCatalogue()).all()
    expect(new Set(all.flatMap(({ columns }) => columns.map(({ type }) => type)))).toEqual(
      new Set(columnTypes),
    )
    expect(new Set(all.flatMap(({ filters }) => filters.map(({ kind }) => kind)))).toEqual(
      new Set(filterKinds),
    )
  })

  it('adds only an organisation’s own types, in TypeScript, JavaScript and as a module', async () => {
    await write(
      'loans.ts',
      `${definition('loans')} as unknown`.replace('({ defineReport, sql })', '({ defineReport, sql }: any)'),
    )
    await write('returns.mjs', definition('returns'))
    await write('fines.js', definition('fines'))
    await write('loans.test.ts', 'throw new Error("a test was loaded")')
    await write('_draft.ts', 'throw new Error("a draft was loaded")')
    await write('README.md', '# not a report type')
    const catalogue = await loadCatalogue({ extraFolder, builtIn: false })
    expect(catalogue.all().map(({ key }) => key)).toEqual(['fines', 'loans', 'returns', 'audit'])
    expect((await loadCatalogue({ extraFolder })).all()).toHaveLength(9)
  })

  it.each(['mjs', 'ts', 'js'])('loads changed files anew, with the .%s they import', async (extension) => {
    const label = (title: string) => `export const title = { fr: '${title}', en: 'Loans' }`
    await mkdir(join(extraFolder, 'words'))
    await write(`words/title.${extension}`, label('Prêts'))
    await write(
      'loans.mjs',
      `import { title } from './words/title.${extension}'` +
        definition('loans').replace("title: { fr: 'Prêts', en: 'Loans' }", 'title'),
    )
    const first = await loadCatalogue({ extraFolder })
    await write(`words/title.${extension}`, label('Emprunts'))
    const second = await loadCatalogue({ extraFolder })
    expect([first, second].map((catalogue) => catalogue.get('loans')?.title.fr)).toEqual([
      'Prêts',
      'Emprunts',
    ])
    expect(second.files.version).not.toBe(first.files.version)
    // The files as they were read, although they are gone.
    await rm(join(extraFolder, 'words'), { recursive: true })
    const again = await loadCatalogue({ files: first.files })
    expect(again.get('loans')?.title.fr).toBe('Prêts')
    expect(again.files.version).toBe(first.files.version)
  })

  it('names the file and its faults', async () => {
    await write('loans.mjs', definition('loans', '[]'))
    expect(await failure()).toMatch(
      /loans\.mjs: The report type "loans" is wrong:\n {2}- columns: there are none/,
    )
  })

  it('refuses a type with the former scope, and says what to write instead', async () => {
    const former = definition('loans').replace('filters: []', 'scope: () => undefined, filters: []')
    await write('loans.mjs', former)
    const message = await failure()
    expect(message).toContain('loans.mjs')
    expect(message).toContain("Write scopeBy: { attribute: 'branch'")
    // A module is loaded once under one name.
    await rm(join(extraFolder, 'loans.mjs'))
    await write(
      'own-loans.mjs',
      former.replace('scope: () => undefined', 'scopeBy: () => allRows').replace('sql })', 'sql, allRows })'),
    )
    const loans = (await loadCatalogue({ extraFolder })).get('loans') as ReportDefinition
    expect(isEverything(scopeCondition(loans, { id: 'x', role: 'user', attributes: {} }))).toBe(true)
  })

  it.each([
    ['plainly', (whole: string) => whole.replace('filters: []', "reads: 'product', filters: []")],
    [
      'without defineReport',
      (whole: string) =>
        whole.replace('defineReport({', '({').replace('filters: []', "reads: 'product', filters: []"),
    ],
    [
      'by what is its own only when it is copied',
      (whole: string) =>
        whole
          .replace('defineReport({', 'new Proxy({')
          .replace('filters: []', "reads: 'product', filters: []")
          .replace(/\}\)$/, "}, { has: (target, name) => name !== 'reads' && name in target })"),
    ],
    [
      'by the function of the built-in types',
      (whole: string) =>
        `import { defineProductReport } from '${pathToFileURL(join(import.meta.dirname, 'define-report.ts')).href}'\n` +
        whole.replace('=> defineReport({', '=> defineProductReport({'),
    ],
  ])('refuses a type that asks for the product’s own database, %s', async (how, change) => {
    const file = `nosy-${how.replaceAll(/\W/g, '-')}.mjs`
    const asked = change(definition('nosy'))
    await write(file, asked)
    expect(await failure()).toMatch(
      new RegExp(
        `${file}[^]* reads: is reserved for the types that come with the product[^]*SOURCE_DATABASE_URL`,
      ),
    )
  })

  it('refuses the key of a type about the product', async () => {
    await write('trail.mjs', definition('audit'))
    expect(await failure()).toMatch(
      /trail\.mjs: the key "audit" is already the key of a type about the product/,
    )
  })

  it('names both files when a key is used twice', async () => {
    await write('school-list.mjs', definition('schools'))
    const message = await failure()
    expect(message).toContain(join(extraFolder, 'school-list.mjs'))
    expect(message).toMatch(/the key "schools" is already the key of .*schools\.ts/)
  })

  it.each([
    ['without a default export', 'export const definition = 1', 'has no default export'],
    ['that exports something else', 'export default "pupils"', 'it is not an object'],
    ['that throws', 'throw new Error("no database here")', 'no database here'],
    ['with a syntax error', 'export default {', 'cannot be loaded'],
  ])('names a file %s', async (_what, text, fault) => {
    await write('broken.mjs', text)
    const message = await failure()
    expect(message).toContain('broken.mjs')
    expect(message).toContain(fault)
  })

  it('fails when the folder cannot be read', async () => {
    await expect(loadCatalogue({ extraFolder: join(extraFolder, 'nowhere') })).rejects.toThrow('REPORTS_DIR')
  })
})
