import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReportDefinition } from '#catalogue/define-report.ts'
import { loadCatalogue, type Catalogue } from '#catalogue/load-catalogue.ts'
import { sql } from '#catalogue/sql.ts'
import { demoDatabaseUrl } from '#test/servers/database.ts'
import { warnOfTypes } from './explain-types.ts'
import { createSource, type Source } from './source.ts'

let source: Source
let catalogue: Catalogue
beforeAll(async () => {
  source = createSource({ connectionString: await demoDatabaseUrl(), statementTimeoutMs: 30_000 })
  catalogue = await loadCatalogue()
})
afterAll(() => source.close())

async function warningsOf(types: readonly ReportDefinition[]): Promise<unknown[]> {
  const said: unknown[] = []
  await warnOfTypes(
    source,
    { ...catalogue, all: () => types },
    { warn: (about: unknown) => void said.push(about) },
  )
  return said
}

it('says nothing of types that the source understands', async () => {
  expect(await warningsOf(catalogue.all())).toEqual([])
})

it.each(['columns', 'filters', 'scopeBy', 'from', 'orderBy'])(
  'warns of a type whose %s it refuses',
  async (part) => {
    const schools = catalogue.get('schools') as ReportDefinition
    const nowhere = sql`school.nowhere`
    const changes: Record<string, Partial<ReportDefinition>> = {
      columns: { columns: schools.columns.map((column) => ({ ...column, sql: nowhere })) },
      filters: { filters: [{ key: 'x', label: schools.title, kind: 'contains', sql: nowhere }] },
      scopeBy: { scopeBy: { attribute: 'x', label: schools.title, sql: nowhere } },
      from: { from: sql`nowhere school` },
      orderBy: { orderBy: nowhere },
    }
    const broken = { ...schools, ...changes[part] }
    expect(await warningsOf([broken, schools])).toMatchObject([
      { type: 'schools', said: expect.stringContaining('nowhere') as string },
    ])
  },
)
