import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStorage, type Storage } from '#adapters/storage/storage.ts'
import { projectFolder } from '#local/settings.ts'
import { Client } from 'pg'
import { createTestBucket } from '#test/servers/bucket.ts'
import { createTestDatabase, demoDatabaseUrl, type TestDatabase } from '#test/servers/database.ts'
import { fileProcessIds } from '#test/processes/child-processes.ts'
import { startGateBefore, type TcpGate } from '#test/servers/tcp-gate.ts'
import { toFileSettings, type FileJob, type FileSettings } from './file-job.ts'
import { createFileProcesses, type FileProcesses } from './file-processes.ts'

let settings: FileSettings
let files: FileProcesses
let storage: Storage
let gate: TcpGate
let own: TestDatabase

beforeAll(async () => {
  const bucket = await createTestBucket()
  own = await createTestDatabase()
  const source = await startGateBefore(await demoDatabaseUrl())
  gate = source
  storage = createStorage(bucket)
  settings = {
    ...bucket,
    SOURCE_DATABASE_URL: source.address,
    DATABASE_URL: own.url,
    SOURCE_STATEMENT_TIMEOUT_SECONDS: 60,
    DEMO_REPORT_TYPES: true,
    REPORT_MEMORY_LIMIT_MB: 512,
    REPORT_FILE_LIMIT_MB: 100,
    REPORTS_DIR: join(projectFolder, 'test/report-types'),
    S3_PUBLIC_ENDPOINT: undefined,
  }
  files = createFileProcesses(settings)
})
afterAll(async () => {
  await files.close()
  storage.close()
  await gate.close()
  await own.drop()
})

function job(key: string, wanted: Partial<FileJob> = {}): FileJob {
  return {
    number: 1,
    type: 'schools',
    reads: 'source',
    format: 'csv',
    columns: ['code', 'name'],
    filters: {},
    at: new Date('2026-11-22T10:00:00Z'),
    timeZone: 'Europe/Paris',
    locale: 'fr',
    viewer: { id: 'awa', role: 'admin', attributes: {} },
    title: 'Écoles',
    requestedBy: 'Awa',
    generatedAt: new Date('2026-11-22T10:00:00Z'),
    key,
    ...wanted,
  }
}

it('makes files one after the other in one process, and parallel files in several', async () => {
  await files.warmUp()
  const first = await files.make(job('first'))
  expect(first).toMatchObject({ sizeBytes: (await storage.head('first'))?.sizeBytes })
  const [maker, ...others] = await fileProcessIds()
  expect(others).toEqual([])
  expect((await files.make(job('second'))).checksum).toBe(first.checksum)
  expect(await fileProcessIds()).toEqual([maker])

  gate.hold()
  const both = Promise.all([files.make(job('third')), files.make(job('fourth'))])
  await expect.poll(async () => (await fileProcessIds()).length).toBe(2)
  gate.open()
  expect((await both).map(({ checksum }) => checksum)).toEqual([first.checksum, first.checksum])
})

it('reports an error of the process with its code and causes, and makes the next file', async () => {
  const unknown = files.make(job('none', { type: 'no_such_type' }))
  await expect(unknown).rejects.toMatchObject({
    name: 'FileProcessError',
    code: 'report_type_unknown',
    cause: { name: 'FileRefusal', message: 'There is no report type no_such_type' },
  })
  const forbidden = files.make(
    job('none', {
      type: 'refused',
      columns: ['name'],
      viewer: { id: 'leo', role: 'user', attributes: {} },
    }),
  )
  await expect(forbidden).rejects.toMatchObject({ code: 'access_revoked' })
  await files.make(job('after'))
  expect(await storage.head('none')).toBeNull()
})

it('rejects with the signal’s reason when stopped before it begins or while it runs', async () => {
  const reason = new Error('cancelled by a person')
  await expect(files.make(job('stopped'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)

  const stop = new AbortController()
  gate.hold()
  const making = files.make(job('stopped'), { signal: stop.signal })
  await expect.poll(() => gate.waiting()).toBeGreaterThan(0)
  stop.abort(reason)
  gate.open()
  await expect(making).rejects.toBe(reason)
  expect(await storage.head('stopped')).toBeNull()
})

it('leaves no process after close', async () => {
  expect((await fileProcessIds()).length).toBeGreaterThan(0)
  await files.close()
  expect(await fileProcessIds()).toEqual([])
})

it('gives the process the secrets that making a file takes, and no other', async () => {
  const secrets = {
    AUTH_SECRET: 'auth-secret-of-this-test',
    LINK_SECRET: 'link-secret-of-this-test',
    SMTP_URL: 'smtp://user:password-of-this-test@127.0.0.1:1',
    DATABASE_URL: 'postgresql://user:password-of-this-test@127.0.0.1:1/own',
    OIDC_CLIENT_SECRET: 'oidc-secret-of-this-test',
    TEMPORAL_API_KEY: 'temporal-key-of-this-test',
    NAMED_BY_NOBODY: 'unknown-secret-of-this-test',
    AWS_SECRET_ACCESS_KEY: 'cloud-secret-of-this-test',
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'role-token-of-this-test',
  }
  Object.assign(process.env, secrets)
  // As a worker does it: with the whole configuration.
  const whole = { ...settings, ...secrets }
  const alone = createFileProcesses(whole)
  try {
    await alone.make(job('seen', { type: 'peeping', columns: ['seen'] }))
    const seen = await text(await storage.read('seen'))
    expect(seen).toContain('PATH')
    expect(seen).not.toContain('of-this-test')
    const sent = { ...toFileSettings(whole, 'source'), DATABASE_URL: settings.DATABASE_URL }
    expect(sent).toEqual({ ...settings, reads: 'source' })
    expect(Object.keys(toFileSettings(whole, 'source'))).not.toContain('DATABASE_URL')
  } finally {
    for (const name of Object.keys(secrets)) delete process.env[name]
    await alone.close()
  }
})

it('lets the process find the storage’s credentials as the AWS SDK does, where no keys are configured', async () => {
  const { S3_ACCESS_KEY_ID = '', S3_SECRET_ACCESS_KEY = '', ...keyless } = settings
  const variables = {
    AWS_ACCESS_KEY_ID: S3_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: S3_SECRET_ACCESS_KEY,
    AWS_CONFIG_FILE: '/nowhere/config',
    AWS_LAMBDA_FUNCTION_NAME: 'of-this-test',
  }
  Object.assign(process.env, variables)
  const alone = createFileProcesses(keyless)
  try {
    await alone.make(job('seen-keyless', { type: 'peeping', columns: ['seen'] }))
    const seen = await text(await storage.read('seen-keyless'))
    expect(seen).toContain('AWS_CONFIG_FILE')
    expect(seen).not.toContain('of-this-test')
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name]
    await alone.close()
  }
})

describe('a file about the product itself', () => {
  const trail = (key: string) => job(key, { type: 'audit', reads: 'product', columns: ['kind', 'actor'] })
  const nowhere = 'postgresql://user:password-of-this-test@127.0.0.1:1/nowhere'

  it('is made by a process that gets neither the source’s address nor the organisation’s code', async () => {
    const client = new Client({ connectionString: own.url })
    await client.connect()
    await client.query(
      `INSERT INTO audit_event (kind, actor, via) VALUES ('signed_in', 'Inès Durand', 'session')`,
    )
    await client.end()
    // A folder that is not there ends the start of whoever loads it.
    const alone = createFileProcesses({ ...settings, SOURCE_DATABASE_URL: nowhere, REPORTS_DIR: '/nowhere' })
    try {
      const made = await alone.make(trail('trail'))
      expect(made.rowCount).toBe(1)
      expect(await text(await storage.read('trail'))).toContain('Connexion;Inès Durand')
    } finally {
      await alone.close()
    }
    const sent = toFileSettings({ ...settings, SOURCE_DATABASE_URL: nowhere }, 'product')
    expect(JSON.stringify(sent)).not.toContain('of-this-test')
    expect(Object.keys(sent)).not.toContain('REPORTS_DIR')
    expect(sent).toMatchObject({ DATABASE_URL: own.url })
  })

  it('is made beside those of the source, whose process gets no address of the product’s database', async () => {
    const alone = createFileProcesses({ ...settings, DATABASE_URL: nowhere })
    try {
      await alone.make(job('ordinary'))
      const [ordinary] = await fileProcessIds()
      await expect(alone.make(trail('elsewhere'))).rejects.toMatchObject({ code: 'source_unavailable' })
      await alone.make(job('ordinary again'))
      // Each kind has its own process.
      expect((await fileProcessIds()).includes(ordinary ?? 0)).toBe(true)
      expect(await fileProcessIds()).toHaveLength(2)
    } finally {
      await alone.close()
    }
    expect(JSON.stringify(toFileSettings({ ...settings, DATABASE_URL: nowhere }, 'source'))).not.toContain(
      nowhere,
    )
  })

  it('is refused by a process of the source, whatever is asked of it', async () => {
    const mistaken = { ...trail('mistaken'), reads: 'source' as const }
    const alone = createFileProcesses(settings)
    try {
      await expect(alone.make(mistaken)).rejects.toThrow('asked of a process that reads another database')
    } finally {
      await alone.close()
    }
  })
})
