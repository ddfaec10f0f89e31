import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sealsFailures } from '#contract/sandbox-failures.ts'
import { workflowBundle } from './workflow-bundle.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workflow-bundle-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('is bundled by another process where no file is named, so that webpack is not loaded here', async () => {
  const bundle = await workflowBundle({ WORKFLOW_BUNDLE: undefined, PAYLOAD_KEYS: [] })
  expect('code' in bundle && bundle.code).toContain(sealsFailures)
})

it('with the interceptors of traces is beside the other, for workers with traces alone', async () => {
  const file = join(folder, 'traced.js')
  await promisify(execFile)(process.execPath, ['activities/build-workflows.ts', file, '--traced'])
  const settings = { WORKFLOW_BUNDLE: file, PAYLOAD_KEYS: [] }
  const plain = await workflowBundle(settings)
  const traced = await workflowBundle({ ...settings, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' })
  expect(plain.code).not.toContain('OpenTelemetryInboundInterceptor')
  expect(traced.code).toContain('OpenTelemetryInboundInterceptor')
  // Temporal need not tell them apart: each replays what the other began.
  expect(traced.buildId).toBe(plain.buildId)
})

it('is written to a file once, and again when asked or when its sources are others', async () => {
  const file = join(folder, 'deep', 'workflows.js')
  const build = (...options: string[]) =>
    promisify(execFile)(process.execPath, ['activities/build-workflows.ts', file, ...options])
  const writtenAt = async () => (await stat(file)).mtimeMs

  await build('--if-changed')
  const first = await writtenAt()
  expect(await readFile(file, 'utf8')).toContain(sealsFailures)
  await build('--if-changed')
  expect(await writtenAt()).toBe(first)

  await appendFile(`${file}.built-from`, 'other sources')
  await build('--if-changed')
  const second = await writtenAt()
  expect(second).toBeGreaterThan(first)
  await build()
  expect(await writtenAt()).toBeGreaterThan(second)
})
