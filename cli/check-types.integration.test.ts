import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { projectFolder } from '#local/settings.ts'
import { demoDatabaseUrl } from '#test/servers/database.ts'
import { checkTypes } from './check-types.ts'

/** A type with one fault in each part, over a table that the demo has. */
const faulty = `export default ({ defineReport, sql }) => {
  const label = { fr: 'x', en: 'x' }
  const filter = (key, kind, expression, more) => ({ key, label, kind, sql: expression, ...more })
  return defineReport({
    key: 'faulty',
    title: label,
    access: ['admin'],
    from: sql\`schools s\`,
    scopeBy: { attribute: 'province', label, sql: sql\`s.no_province\` },
    columns: [
      { key: 'name', label, type: 'text', sql: sql\`s.name\`, default: true },
      { key: 'lost', label, type: 'text', sql: sql\`s.no_such_column\` },
    ],
    filters: [
      filter('found', 'contains', sql\`s.name\`),
      filter('typed', 'one_of', sql\`s.name\`, { valueType: 'no_such_type', options: 'distinct' }),
      filter('ranged', 'number_range', sql\`s.name\`),
      filter('asked', 'many_of', sql\`s.name\`, { options: () => sql\`select a, b from no_such_table\` }),
    ],
    orderBy: sql\`s.name\`,
    uniqueKey: sql\`s.id\`,
  })
}
`

async function reportsFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rapporteur-types-check-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

it('says that the demo’s types are understood, needing no more than the source’s address', async () => {
  const { text, exitCode } = await checkTypes({ SOURCE_DATABASE_URL: await demoDatabaseUrl() }, [])
  expect(text).toMatch(/^ok +schools$/m)
  expect(text).toMatch(/5 types, no fault\.$/)
  expect(exitCode).toBe(0)
})

it('names each column, filter, list of options and scope that the source refuses', async () => {
  const folder = await reportsFolder()
  await writeFile(join(folder, 'faulty.mjs'), faulty)
  await copyFile(join(projectFolder, 'test/report-types/refused.ts'), join(folder, 'refused.ts'))
  const variables = {
    SOURCE_DATABASE_URL: await demoDatabaseUrl(),
    REPORTS_DIR: folder,
    DEMO_REPORT_TYPES: 'false',
  }
  const { json, text, exitCode } = await checkTypes(variables, [])
  expect(exitCode).toBe(1)
  const { types } = json as { types: { type: string; faults: { part: string; key: string | null }[] }[] }
  expect(types.map(({ type, faults }) => [type, ...faults.map(({ part, key }) => `${part} ${key}`)])).toEqual(
    [
      ['faulty', 'column lost', 'filter typed', 'filter ranged', 'options asked', 'scope null'],
      ['refused', 'rows null'],
    ],
  )
  expect(text).toMatch(/^FAULT +faulty: column "lost": 42703 .*no_such_column/m)
  expect(text).toMatch(/^FAULT +faulty: filter "typed": 42704 .*no_such_type/m)
  expect(text).toMatch(/^FAULT +refused: rows: 42P01/m)
  await expect(checkTypes(variables, ['no_such'])).rejects.toMatchObject({ exitCode: 2 })
})

it('ends with words and a code where it cannot look', async () => {
  await expect(checkTypes({}, [])).rejects.toThrow('SOURCE_DATABASE_URL: is required and not set')
  const away = checkTypes({ SOURCE_DATABASE_URL: 'postgresql://reader@127.0.0.1:1/till' }, [])
  await expect(away).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('→ Start') as string,
  })
  const url = await demoDatabaseUrl()
  await expect(checkTypes({ SOURCE_DATABASE_URL: url, REPORTS_DIR: '/nowhere' }, [])).rejects.toThrow(
    'REPORTS_DIR',
  )
})
