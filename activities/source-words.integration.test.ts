/** What PostgreSQL said of a report's query, where an operator and an administrator look for it. */

import { join } from 'node:path'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { projectFolder } from '#local/settings.ts'
import { startWorkerProcess } from '#test/processes/worker-process.ts'
import { wildTable } from '#test/report-types/wild-columns.ts'
import { createEmptyDatabase } from '#test/servers/database.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

it('is in the worker’s log and in the report’s, without data of its rows', { timeout: 180_000 }, async () => {
  const database = await createEmptyDatabase()
  const client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(wildTable)
  await client.query(`insert into wild_columns (id, email) values (1, 'Awa Privée')`)
  const world = await ReportWorld.create({
    SOURCE_DATABASE_URL: database.url,
    REPORTS_DIR: join(projectFolder, 'test/report-types'),
  })
  const worker = await startWorkerProcess(world.variables)
  try {
    const failed = async (type: string, column: string) => {
      const { number } = await world.request({ type, columns: [column] })
      await world.rowBecomes(number, ({ status }) => status === 'failed')
      const [phase] = (await world.log(number)).phases
      return phase?.cause
    }
    expect(await failed('refused', 'name')).toMatch(
      /^The source database answered 42P01: relation "no_such_table" does not exist \(at character \d+ of the query\)$/,
    )
    expect(await failed('wild_columns', 'as_integer')).toBe(
      'The source database answered 22P02: invalid input syntax for type integer: "…"',
    )
    const output = await eventually(
      async () => worker.output(),
      (text) => text.includes('22P02'),
      { withinMs: 10_000 },
    )
    expect(output).toContain('42P01: relation \\"no_such_table\\" does not exist')
    expect(output).toContain('22P02: invalid input syntax for type integer: \\"…\\"')
    expect(output).not.toContain('Privée')
  } finally {
    await worker.end('SIGTERM')
    await world.close()
    await client.end()
    await database.drop()
  }
})
