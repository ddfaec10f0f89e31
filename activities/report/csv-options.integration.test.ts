import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { scheduleIdFor } from '#contract/names.ts'
import { csvPresets } from '#domain/csv-options.ts'
import { eventually } from '#test/eventually.ts'
import { leftovers } from '#test/leftovers.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

const anna = 'anna@ville.test'
const isCompleted = (row: { status: string }) => row.status === 'completed'
const isFailed = (row: { status: string }) => row.status === 'failed'

let world: ReportWorld
beforeAll(async () => {
  world = await ReportWorld.create({ CSV_PRESET: 'rfc4180', CSV_GZIP: 'true' })
  await world.startWorker()
})
afterAll(() => world.close())

async function stored(key: string | null): Promise<Buffer> {
  return Buffer.concat(await (await world.context.storage.read(key ?? '')).toArray())
}

it('is compressed and named by what the installation chose, in storage and mail', async () => {
  const { number } = await world.request({ recipients: [anna], csv: { separator: 'tab', header: 'keys' } })
  const row = await world.rowBecomes(number, isCompleted)
  expect(row.csv).toEqual({ ...csvPresets.rfc4180, gzip: true, separator: 'tab', header: 'keys' })
  expect(row.objectKey).toMatch(/\/ecoles\.csv\.gz$/)
  expect(row.fileName).toBe(`ecoles-${number}.csv.gz`)
  const content = await stored(row.objectKey)
  expect(content).toHaveLength(Number(row.sizeBytes))
  const [header, ...rows]: string[][] = parse(gunzipSync(content), {
    delimiter: '\t',
    record_delimiter: '\r\n',
  })
  expect(header).toEqual(['code', 'name'])
  expect(rows).toHaveLength(row.rowCount ?? -1)
  const { url } = await world.context.storage.downloadUrl(row.objectKey ?? '', {
    fileName: row.fileName ?? '',
    contentType: 'application/gzip',
    expiresInSeconds: 60,
  })
  // A client that took it for an encoding of the transfer would unpack it unasked.
  const { headers } = await fetch(url)
  expect(headers.get('content-encoding')).toBeNull()

  const [mail] = world.mail.mailsFor(anna)
  expect(mail?.parsed.attachments).toMatchObject([
    { filename: row.fileName, contentType: 'application/gzip', content },
  ])
})

it('is what the definition of an occurrence chose', async () => {
  const csv = { preset: 'excel_en', null_text: 'NULL' }
  const definition = await world.define({ csv })
  await world.engine.applySchedule(definition.id)
  await world.temporal.schedule.getHandle(scheduleIdFor(definition.id)).trigger()
  const made = await eventually(
    () => world.prisma.report.findFirst({ where: { scheduledReportId: definition.id, status: 'completed' } }),
    (row) => row !== null,
    { withinMs: 60_000 },
  )
  expect(made?.csv).toEqual({ ...csvPresets.excel_en, null_text: 'NULL' })
})

it('is nothing of an Excel file’s', async () => {
  const { number } = await world.request({ format: 'excel' })
  const row = await world.rowBecomes(number, isCompleted)
  expect(row).toMatchObject({ csv: null, fileName: `ecoles-${number}.xlsx` })
})

it('stays, for a relaunch, what it was when the report was opened', async () => {
  const report = await world.requestUntilStaged({ recipients: [anna] })
  await world.context.storage.remove((await leftovers(world, report.number)).staged)
  const later = await world.restarted({ CSV_PRESET: 'excel_en', CSV_GZIP: 'false', CSV_SEPARATOR: '|' })
  try {
    await later.startWorker()
    const { csv } = await world.rowBecomes(report.number, isFailed)
    expect(csv).toEqual({ ...csvPresets.rfc4180, gzip: true })
    expect(await later.engine.relaunchReport(report.number)).toEqual({ ok: true })
    const row = await world.rowBecomes(report.number, isCompleted)
    expect(row.fileName).toBe(`ecoles-${report.number}.csv.gz`)
    const [header] = gunzipSync(await stored(row.objectKey))
      .toString()
      .split('\r\n', 1)
    expect(header).toBe('Code de l’école,École')
  } finally {
    await later.close()
    await world.startWorker()
  }
})
