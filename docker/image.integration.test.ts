/**
 * The image without a container engine: the steps of the Dockerfile in a folder, then every command of it from there, on
 * real parts, as a user who may not write there.
 */

import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, copyFile, cp, link, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { existsSync, globSync, lstatSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, matchesGlob, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import { freePort } from '#local/ports.ts'
import { projectFolder } from '#local/settings.ts'
import { cookiesSet } from '#test/cookies-set.ts'
import { eventually } from '#test/eventually.ts'
import { createTestBucket } from '#test/servers/bucket.ts'
import { createEmptyDatabase, demoDatabaseUrl, type TestDatabase } from '#test/servers/database.ts'
import { startMailServer, type MailServer } from '#test/servers/mail-server.ts'
import { createTestNamespace } from '#test/servers/temporal-namespace.ts'

const megabyte = 1024 * 1024
const run = promisify(execFile)
const inProject = (path: string) => join(projectFolder, path)

let folder: string
let app: string
let database: TestDatabase
let mail: MailServer
let variables: Record<string, string>
const started: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapporteur-image-'))
  app = join(folder, 'app')
  await chmod(folder, 0o755)
  const [parts] = await Promise.all([startParts(), build()])
  variables = parts
}, 600_000)
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  await mail?.close()
  await database?.drop()
  await rm(folder, { recursive: true })
})

async function startParts(): Promise<Record<string, string>> {
  database = await createEmptyDatabase()
  mail = await startMailServer()
  return {
    // As docker-compose.yml says for the demo; the keys of the tests' storage are none for production.
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
    WORKER_HEALTH_PORT: String(await freePort()),
    DATABASE_URL: database.url,
    SOURCE_DATABASE_URL: await demoDatabaseUrl(),
    SMTP_URL: mail.url,
    ...(await createTestBucket()),
    ...(await createTestNamespace()),
  }
}

/** What the first stage of the Dockerfile does; the packages are those here, which `npm ci` has installed. */
async function build(): Promise<void> {
  const ignored = (await readFile(inProject('.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
  await cp(projectFolder, app, {
    recursive: true,
    filter: (path) => !ignored.some((pattern) => matchesGlob(relative(projectFolder, path), pattern)),
  })
  await mkdir(join(folder, 'bin'))
  await linkOrCopy(process.execPath, join(folder, 'bin', 'node'))
  // Links take no room and no time; npm rewrites its own list in place, and that of the project must stay.
  const packages = join(app, 'node_modules')
  await run('cp', ['--archive', '--link', inProject('node_modules'), packages]).catch(() =>
    cp(inProject('node_modules'), packages, { recursive: true, verbatimSymlinks: true }),
  )
  await rm(join(packages, '.package-lock.json'), { force: true })
  await copyFile(inProject('node_modules/.package-lock.json'), join(packages, '.package-lock.json'))

  const [firstStage = ''] = (await readFile(inProject('Dockerfile'), 'utf8')).split(/^FROM node:.*-slim$/m)
  const steps = [...firstStage.matchAll(/^RUN (.*)$/gm)].map(([, step = '']) => step)
  expect(steps[0]).toMatch(/^npm ci /)
  for (const step of steps.slice(1)) {
    await run('sh', ['-euc', step], { cwd: app, env: { ...process.env, NODE_ENV: '' } })
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to))
}

/** A command of the image, as the user `nobody` where this one is root. */
function command(...args: string[]) {
  return start('sh', ['docker/entrypoint.sh', ...args])
}

function start(program: string, args: string[]) {
  const image = { WORKFLOW_BUNDLE: join(app, 'dist', 'workflows.js') }
  const child = spawn(program, args, {
    cwd: app,
    env: { PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter), ...image, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const ended = once(child, 'close') as Promise<[code: number | null]>
  started.push(child)
  return { child, output: () => output, code: () => ended.then(([code]) => code) }
}

/** The exit code of the image's HEALTHCHECK in a container of this command. */
const health = (of: string) => start('node', ['docker/healthcheck.ts', of]).code()

const request = (path: string, options: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${variables['PORT']}${path}`, options)
const post = (path: string, body: object, cookie = '') =>
  request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  })

it('its packages take less than 400 MB, without what builds and checks', () => {
  const files = globSync('node_modules/**', { cwd: app }).map((path) => lstatSync(join(app, path)))
  const bytes = files.reduce((sum, { blocks, size }) => sum + (blocks === undefined ? size : blocks * 512), 0)
  console.log(`node_modules of the image: ${Math.round(bytes / megabyte)} MB`)
  expect(bytes).toBeLessThan(400 * megabyte)
  const left = ['typescript', 'prisma', 'effect', 'vite', 'vitest', 'oxlint', '@swc/core-linux-x64-gnu']
  expect(left.filter((name) => existsSync(join(app, 'node_modules', name)))).toEqual([])
  expect(existsSync(join(app, 'test'))).toBe(false)
})

it('runs as a user without rights, by number, and says how it is', async () => {
  const dockerfile = await readFile(inProject('Dockerfile'), 'utf8')
  expect(dockerfile).toMatch(/^USER 1000:1000$/m)
  expect(dockerfile).toMatch(/^HEALTHCHECK .*CMD \["node", "docker\/healthcheck.ts"\]$/m)
  const [, of = ''] = /WORKFLOW_BUNDLE=\/app\/(\S+)/.exec(dockerfile) ?? []
  expect(existsSync(join(app, of))).toBe(true)
})

it('migrates, makes an administrator, and makes and mails reports that the pages show', async () => {
  const migrate = command('migrate')
  expect([await migrate.code(), migrate.output()]).toEqual([0, expect.stringContaining('applied')])
  const email = 'chef@ville.test'
  const made = command('create-admin', email)
  expect(await made.code(), made.output()).toBe(0)
  const password = /Password, shown this once: (\S+)/.exec(made.output())?.[1] ?? ''

  const [api, worker] = [command('api'), command('worker')]
  await eventually(
    async () => {
      for (const { child, output } of [api, worker]) {
        if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${output()}`)
      }
      return [await health('api'), await health('worker')]
    },
    (codes) => codes.every((code) => code === 0),
    { withinMs: 120_000, everyMs: 500 },
  )
  expect(await health('migrate')).toBe(0)

  const html = await (await request('/rapports')).text()
  const script = /src="(\/assets\/[^"]+)"/.exec(html)?.[1] ?? '/assets/missing'
  for (const path of [script, '/docs/scalar.js', '/v1/openapi.json']) {
    expect([path, (await request(path)).status]).toEqual([path, 200])
  }
  const cookie = cookiesSet((await post('/api/auth/sign-in/email', { email, password })).headers)
  for (const format of ['csv', 'excel'] as const) {
    const asked = await post('/v1/reports', { type: 'schools', format, recipients: [email] }, cookie)
    const { number } = (await asked.json()) as ReportJson
    const report = async () =>
      (await (await request(`/v1/reports/${number}`, { headers: { cookie } })).json()) as ReportJson
    const settled = await eventually(report, ({ status }) => !['queued', 'running'].includes(status), {
      withinMs: 120_000,
    })
    expect(settled, worker.output()).toMatchObject({ format, status: 'completed', delivery: 'sent' })
  }
  expect(mail.mailsFor(email)).toHaveLength(2)
  const people = command('rapporteur', 'people', 'list')
  expect([await people.code(), people.output()]).toEqual([0, expect.stringContaining(email)])

  for (const { child } of [api, worker]) child.kill('SIGTERM')
  expect([await api.code(), await worker.code()]).toEqual([0, 0])
  expect([await health('api'), await health('worker')]).toEqual([1, 1])
}, 300_000)
