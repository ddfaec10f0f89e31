import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from 'pg'
import { createStorage, type Storage } from '#adapters/storage/storage.ts'
import { seedDemoData } from '#demo/data/seed-demo-data.ts'
import { compileQuery } from '#catalogue/compile-query.ts'
import { installedCatalogue } from '#catalogue/load-catalogue.ts'
import { toQuery } from '#catalogue/sql.ts'
import { findProgram, storageProgram } from '#local/binaries.ts'
import { Part } from '#local/part.ts'
import { startThrowAwayPostgres } from '#local/parts/postgres-part.ts'
import { storageAccess, storagePart } from '#local/parts/storage-part.ts'
import { freePort } from '#local/ports.ts'
import { projectFolder } from '#local/settings.ts'
import { shapes, shapeTypesFolder, type BenchShape } from './shapes/bench-shapes.ts'
import type { ContenderJob } from './contenders/contender.ts'

export interface FileServices {
  /** What every contender is given; key and format are added. */
  job: Omit<ContenderJob, 'key' | 'format'>
  storage: Storage
  stop(): Promise<void>
}

const bucket = 'bench'
/** Every type a column can have, a text with awkward values, and two with leading zeros. */
const plainColumns = [
  'number',
  'received_at',
  'site',
  'category',
  'weight_kg',
  'item_count',
  'destination',
  'volunteer',
  'donor_postcode',
  'estimated_value',
  'hazardous',
  'comment',
]

/** PostgreSQL with the demo's reception tickets and S3 storage, both thrown away at the end. */
export async function startFileServices(options: {
  rows: number
  shape: BenchShape
  say: (line: string) => void
  signal: AbortSignal
}): Promise<FileServices> {
  const { rows, shape, say, signal } = options
  const cleanups: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  }
  try {
    say('Starting PostgreSQL and the storage')
    const postgres = await startThrowAwayPostgres()
    cleanups.push(postgres.stop)
    const work = await mkdtemp(join(tmpdir(), 'rapporteur-bench-'))
    cleanups.push(() => rm(work, { recursive: true, force: true }))
    const localFolder = resolve(projectFolder, process.env.LOCAL_DIR || '.local')
    const program = await findProgram(storageProgram, { localFolder, say, signal })
    const port = await freePort()
    const part = new Part(
      await storagePart({ program, folder: work, port }),
      { run: work, logs: work },
      (text) => say(text),
    )
    await part.start()
    cleanups.push(() => part.stop())

    const access = storageAccess(port)
    const settings = {
      S3_ENDPOINT: access.endpoint,
      S3_BUCKET: bucket,
      S3_REGION: access.region,
      S3_ACCESS_KEY_ID: access.accessKeyId,
      S3_SECRET_ACCESS_KEY: access.secretAccessKey,
    }
    const storage = createStorage(settings)
    cleanups.push(() => Promise.resolve(storage.close()))
    await storage.ensureBucket()

    if (shape === 'plain') {
      say(`Seeding ${rows} reception tickets`)
      await seedDemoData({ connectionString: postgres.url, rows, log: say })
    } else await seedRows(postgres.url, rows)
    const viewer = { id: 'bench', role: 'admin' as const, attributes: {} }
    const timeZone = 'Europe/Paris'
    const catalogue = await installedCatalogue({ REPORTS_DIR: shapeTypesFolder, DEMO_REPORT_TYPES: true })
    const definition = catalogue.get(shapes[shape].type)
    if (!definition) throw new Error(`there is no report type for the shape ${shape}`)
    const columns = shape === 'plain' ? plainColumns : definition.columns.map(({ key }) => key)
    const query = toQuery(compileQuery(definition, { columns, filters: {}, viewer, timeZone }))
    if (query.values.length > 0) throw new Error('the peers take no parameters')
    await warmUp(postgres.url, query.text)
    const job = {
      rows,
      type: definition.key,
      typesFolder: shapeTypesFolder,
      sourceUrl: postgres.url,
      storage: settings,
      columns,
      viewer,
      timeZone,
      sql: query.text,
    }
    return { job, storage, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function seedRows(connectionString: string, rows: number): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query('CREATE TABLE bench_rows AS SELECT generate_series(1, $1::int) AS n', [rows])
  await client.end()
}

/** So that the first contender does not pay for reading the disk. */
async function warmUp(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query(`SELECT count(*) FROM (${sql}) AS everything`)
  await client.end()
}
