import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStorage, type Storage } from '#adapters/storage/storage.ts'
import { projectFolder } from '#local/settings.ts'
import { createTestBucket } from '#test/servers/bucket.ts'
import { demoDatabaseUrl } from '#test/servers/database.ts'
import { fileProcessIds } from '#test/processes/child-processes.ts'
import { startGateBefore, type TcpGate } from '#test/servers/tcp-gate.ts'
import { toFileSettings, type FileJob, type FileSettings } from './file-job.ts'
import { createFileProcesses, type FileProcesses } from './file-processes.ts'

let settings: FileSettings
let files: FileProcesses
let storage: Storage
let gate: TcpGate

beforeAll(async () => {
  const bucket = await createTestBucket()
  const source = await startGateBefore(await demoDatabaseUrl())
  gate = source
  storage = createStorage(bucket)
  settings = {
    ...bucket,
    SOURCE_DATABASE_URL: source.address,
    SOURCE_STATEMENT_TIMEOUT_SECONDS: 60,
    DEMO_REPORT_TYPES: true,
    REPORT_MEMORY_LIMIT_MB: 512,
    REPORTS_DIR: join(projectFolder, 'test/report-types'),
    S3_PUBLIC_ENDPOINT: undefined,
  }
  files = createFileProcesses(settings)
})
afterAll(async () => {
  await files.close()
  storage.close()
  await gate.close()
})

function job(key: string, wanted: Partial<FileJob> = {}): FileJob {
  return {
    number: 1,
    type: 'schools',
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
    expect(Object.keys(toFileSettings(whole)).sort()).toEqual(Object.keys(settings).sort())
  } finally {
    for (const name of Object.keys(secrets)) delete process.env[name]
    await alone.close()
  }
})
