import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApiProcess, type ApiProcess } from '#test/processes/api-process.ts'
import { startWorkerProcess, type WorkerProcess } from '#test/processes/worker-process.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let folder: string
let elsewhere: string
let world: ReportWorld
let worker: WorkerProcess
let api: ApiProcess

const write = (name: string, content: string, where = folder) => writeFile(join(where, name), content)
/** One type, whose value is in a helper file. */
const type = `import { value } from './_value.mjs'
const label = { fr: 'Valeur', en: 'Value' }
export default ({ defineReport, sql }) => defineReport({
  key: 'values', title: label, access: ['admin'], from: sql\`generate_series(1, 1) as number(value)\`,
  columns: [{ key: 'value', label, type: 'text', sql: sql\`\${value}::text\`, default: true }],
  filters: [], orderBy: sql\`number.value\`, uniqueKey: sql\`number.value\`,
})`
const valueOf = (value: string) => `export const value = '${value}'`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-types-'))
  elsewhere = await mkdtemp(join(tmpdir(), 'report-types-'))
  for (const where of [folder, elsewhere]) {
    await write('values.mjs', type, where)
    await write('_value.mjs', valueOf('first'), where)
  }
  world = await ReportWorld.create({ REPORTS_DIR: folder })
  worker = await startWorkerProcess(world.variables)
  api = await startApiProcess({ ...world.variables, LOG_LEVEL: 'silent' })
})
afterAll(async () => {
  await api?.kill()
  await worker?.end('SIGKILL')
  await world?.close()
  for (const where of [folder, elsewhere]) await rm(where, { recursive: true })
})

const inUse = async () => (await world.prisma.catalogueInUse.findFirst())?.version
const warnings = async () => {
  const answer = await fetch(`${api.url}/readyz`)
  return ((await answer.json()) as { warnings: string[] }).warnings
}
const made = async () => {
  const { number } = await world.request({ type: 'values', columns: ['value'], format: 'csv' })
  const row = await world.rowBecomes(number, ({ finishedAt }) => finishedAt !== null, 60_000)
  const log = await world.log(number)
  const file = row.objectKey ? await text(await world.context.storage.read(row.objectKey)) : undefined
  return { status: row.status, file, version: log.catalogue_version }
}

it('a half-saved file disturbs no report, and a hangup of one process brings changes to all', async () => {
  const first = await inUse()
  expect(await made()).toMatchObject({ status: 'completed', version: first })

  await write('half-saved.mjs', 'export default ({ defineReport, sql })')
  await write('_value.mjs', valueOf('second'))
  const undisturbed = await made()
  expect(undisturbed).toMatchObject({ status: 'completed', version: first })
  expect(undisturbed.file).toContain('first')

  process.kill(worker.pid, 'SIGHUP')
  await expect.poll(() => worker.output()).toContain('report types not reloaded')
  expect(worker.output()).toContain('half-saved.mjs')
  expect(await inUse()).toBe(first)

  await rm(join(folder, 'half-saved.mjs'))
  process.kill(worker.pid, 'SIGHUP')
  await expect.poll(inUse).not.toBe(first)
  const second = await made()
  expect(second).toMatchObject({ status: 'completed', version: await inUse() })
  expect(second.file).toContain('second')
  expect(await warnings()).toEqual([])
})

it('a process whose folder holds other files keeps its own types and says so, until it can follow', async () => {
  const other = await startWorkerProcess({ ...world.variables, REPORTS_DIR: elsewhere })
  try {
    // It started last, with files that nobody else has.
    await expect.poll(warnings).toEqual(['report_types'])
    await write('_value.mjs', valueOf('third'))
    await write('_value.mjs', valueOf('third'), elsewhere)
    process.kill(other.pid, 'SIGHUP')
    await expect.poll(warnings).toEqual([])
    expect((await made()).file).toContain('third')
  } finally {
    await other.end('SIGKILL')
  }
})
