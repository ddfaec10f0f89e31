import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { configurationExitCode } from '#domain/start-error.ts'
import { freePort } from '#local/ports.ts'
import { createTestApi, type TestApi } from '#test/worlds/test-api.ts'

const folder = join(import.meta.dirname, '..')

let api: TestApi
let running: ChildProcess | undefined
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(async () => await api.close())
afterEach(() => void running?.kill('SIGKILL'))

function start(script: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(process.execPath, [join(folder, script), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running = child
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exit = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>
  return { child, exit, output: () => output }
}

function variables(): NodeJS.ProcessEnv {
  const { environment } = api
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    DATABASE_URL: environment.DATABASE_URL,
    SOURCE_DATABASE_URL: environment.SOURCE_DATABASE_URL,
    TEMPORAL_ADDRESS: inject('services').temporalAddress,
    S3_ENDPOINT: environment.S3_ENDPOINT,
    S3_BUCKET: environment.S3_BUCKET,
    S3_ACCESS_KEY_ID: environment.S3_ACCESS_KEY_ID,
    S3_SECRET_ACCESS_KEY: environment.S3_SECRET_ACCESS_KEY,
    SMTP_URL: 'smtp://127.0.0.1:1',
  }
}

describe('the API as a process', () => {
  it('and the migrations take their secrets from files', async () => {
    const secrets = await mkdtemp(join(tmpdir(), 'rapporteur-secrets-'))
    const file = async (name: string, text: string) => {
      await writeFile(join(secrets, name), `${text}\n`)
      return join(secrets, name)
    }
    const { DATABASE_URL = '', SOURCE_DATABASE_URL = '', ...others } = variables()
    const source = new URL(SOURCE_DATABASE_URL)
    const password = decodeURIComponent(source.password)
    source.password = ''
    const given = {
      ...others,
      DATABASE_URL_FILE: await file('database', DATABASE_URL),
      SOURCE_DATABASE_URL: source.href,
      SOURCE_DATABASE_PASSWORD_FILE: await file('password', password),
    }
    const migrated = start('prisma/migrate.ts', given)
    expect(await migrated.exit, migrated.output()).toEqual([0, null])
    const port = await freePort()
    const { child, exit, output } = start('api/server.ts', { ...given, PORT: String(port) })
    await vi.waitFor(() => expect(output()).toContain('api ready'), { timeout: 30_000, interval: 50 })
    expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()).toMatchObject({
      dependencies: { database: { status: 'ok' }, source: { status: 'ok' } },
    })
    child.kill('SIGTERM')
    await exit
    await rm(secrets, { recursive: true })
  }, 60_000)

  it('serves with real parts; on SIGTERM ends streams, finishes, and exits with 0', async () => {
    const port = await freePort()
    const { child, exit, output } = start('api/server.ts', { ...variables(), PORT: String(port) })
    await vi.waitFor(() => expect(output()).toContain('api ready'), { timeout: 30_000, interval: 50 })
    const base = `http://127.0.0.1:${port}`
    expect(await (await fetch(`${base}/readyz`)).json()).toMatchObject({
      status: 'ok',
      dependencies: { temporal: { status: 'ok' } },
    })

    const headers = (await api.signIn('leo')).identity
    const stream = await fetch(`${base}/v1/reports/events`, { headers })
    const reader = stream.body?.getReader()
    await reader?.read()
    const startedAt = performance.now()
    child.kill('SIGTERM')
    for (let part = await reader?.read(); part && !part.done;) part = await reader?.read()
    expect(await exit).toEqual([0, null])
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(output()).toContain('api stopped')
    // No address, token or stack trace in what it logged.
    expect(output()).not.toContain('leo@rapporteur.test')
    expect(output()).not.toContain('"level":50')
    // The demo's source is read by a role that can only read.
    expect(output()).not.toContain('SOURCE_DATABASE_URL')
  }, 60_000)

  it('warns when the role of the source may write', async () => {
    const { DATABASE_URL } = variables()
    const port = String(await freePort())
    const writing = {
      ...variables(),
      PORT: port,
      SOURCE_DATABASE_URL: DATABASE_URL,
      DEMO_REPORT_TYPES: 'false',
    }
    const { child, exit, output } = start('api/server.ts', writing)
    await vi.waitFor(() => expect(output()).toContain('is a superuser'), { timeout: 30_000, interval: 50 })
    child.kill('SIGTERM')
    await exit
  }, 60_000)

  it.each([
    [{}, '127.0.0.1'],
    [{ HOST: '0.0.0.0' }, '0.0.0.0'],
  ])('with %j listens on %s', async (host, address) => {
    const port = await freePort()
    const { output } = start('api/server.ts', { ...variables(), PORT: String(port), ...host })
    await vi.waitFor(() => expect(output()).toContain('api ready'), { timeout: 30_000, interval: 50 })
    expect(output()).toContain(`"address":{"address":"${address}"`)
  })

  it('exits at once and names each wrong variable', async () => {
    const { exit, output } = start('api/server.ts', { ...variables(), PORT: 'eighty', SMTP_URL: '' })
    expect(await exit).toEqual([configurationExitCode, null])
    expect(output()).toContain('PORT')
    expect(output()).toContain('SMTP_URL: is required and not set')
    expect(output()).not.toContain('    at ')
  }, 30_000)

  it('exits and names the missing variables when an OIDC issuer is given in part', async () => {
    const { exit, output } = start('api/server.ts', { ...variables(), OIDC_ISSUER: 'https://id.exemple.fr' })
    expect(await exit).toEqual([configurationExitCode, null])
    expect(output()).toContain('OIDC_CLIENT_ID: is required')
    expect(output()).toContain('OIDC_CLIENT_SECRET: is required')
  }, 30_000)

  it('exits, naming its port, when that is taken', async () => {
    const port = new URL(api.environment.DATABASE_URL).port
    const { exit, output } = start('api/server.ts', { ...variables(), PORT: port })
    expect(await exit).toEqual([configurationExitCode, null])
    expect(output()).toContain(`PORT: ${port} is in use by another program`)
    expect(output()).not.toContain('    at ')
  }, 30_000)
})

describe.each(['api', 'worker'])('the output of the %s', (name) => {
  const script = { api: 'api/server.ts', worker: 'activities/worker.ts' }[name] ?? ''
  /** What libraries do: on any line, at any time. */
  const noise = `data:text/javascript,${encodeURIComponent(`
    setTimeout(() => {
      console.error('%s', 'later'); console.log({ a: 1 }); console.warn(new Error('x')); process.emitWarning('later still')
      setTimeout(() => Promise.reject(new Error('nobody caught this')), 100)
    }, 2000)`)}`

  it('is a JSON line an event, libraries’, warnings and uncaught errors included', async () => {
    const { exit, output } = start(script, {
      ...variables(),
      PORT: String(await freePort()),
      NODE_OPTIONS: `--import ${noise}`,
      WORKFLOW_BUNDLE: process.env.WORKFLOW_BUNDLE,
    })
    expect(await exit).toEqual([1, null])
    const lines = output().split('\n').filter(Boolean)
    const events = lines.map(
      (line) => JSON.parse(line) as { level: string; msg: string; err?: { message: string } },
    )
    expect(events).toContainEqual(
      expect.objectContaining({ level: 'error', msg: 'later', component: 'console' }),
    )
    expect(events).toContainEqual(expect.objectContaining({ level: 'warn', msg: 'Warning' }))
    expect(events.at(-1)).toMatchObject({ level: 'fatal', err: { message: 'nobody caught this' } })
  }, 60_000)
})

describe('create-admin', () => {
  const email = 'directrice@exemple.fr'

  it('makes an administrator whose password works', async () => {
    const { exit, output } = start('api/auth/create-admin.ts', variables(), ` ${email.toUpperCase()} `)
    expect(await exit, output()).toEqual([0, null])
    const password = /Password, shown this once: (\S+)/.exec(output())?.[1]
    const answer = await api.anonymous.post('/api/auth/sign-in/email', { email, password })
    expect(answer.status).toBe(200)
    expect(await api.prisma.user.findUnique({ where: { email } })).toMatchObject({
      role: 'admin',
      emailVerified: true,
    })
  }, 30_000)

  it('makes an administrator of an existing account, whose password stays', async () => {
    const { exit, output } = start('api/auth/create-admin.ts', variables(), 'leo@rapporteur.test')
    expect(await exit).toEqual([0, null])
    expect(output()).not.toContain('Password, shown')
    expect((await (await api.signIn('leo')).get('/v1/admin/scheduled-reports')).status).toBe(200)
  }, 30_000)

  it('ends with its usage without an address', async () => {
    const { exit, output } = start('api/auth/create-admin.ts', variables())
    expect(await exit).toEqual([1, null])
    expect(output()).toContain('Usage: npm run create-admin -- EMAIL')
  }, 30_000)
})

describe('in production', () => {
  const production = () => ({
    ...variables(),
    NODE_ENV: 'production',
    ALLOW_HTTP: 'true',
    PUBLIC_URL: 'http://rapports.exemple.fr',
    MAIL_FROM: 'rapports@exemple.fr',
    AUTH_SECRET: randomBytes(36).toString('base64'),
    LINK_SECRET: randomBytes(36).toString('base64'),
    S3_SECRET_ACCESS_KEY: randomBytes(36).toString('base64'),
    DATABASE_URL: withOwnPassword(api.environment.DATABASE_URL),
    SOURCE_DATABASE_URL: withOwnPassword(api.environment.SOURCE_DATABASE_URL),
    WORKFLOW_BUNDLE: process.env.WORKFLOW_BUNDLE,
  })
  /** The tests' server has one account with a known password; an own role has the same rights here. */
  const password = randomBytes(12).toString('base64url')
  const withOwnPassword = (address: string) => {
    const url = new URL(address)
    url.username = 'production_test'
    url.password = password
    return url.href
  }
  beforeAll(async () => {
    await api.prisma.$executeRawUnsafe(`CREATE ROLE production_test LOGIN SUPERUSER PASSWORD '${password}'`)
  })
  afterAll(async () => {
    await api.prisma.$executeRawUnsafe('DROP ROLE production_test')
  })

  it.each(['api/server.ts', 'activities/worker.ts'])(
    '%s names every fault at once',
    async (script) => {
      const { exit, output } = start(script, {
        ...variables(),
        NODE_ENV: 'production',
        PUBLIC_URL: 'http://rapports.exemple.fr',
        AUTH_SECRET: 'a'.repeat(32),
        LINK_SECRET: 'a'.repeat(32),
      })
      expect(await exit).toEqual([configurationExitCode, null])
      const named = [...output().matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name)
      const all =
        'AUTH_SECRET DATABASE_URL LINK_SECRET MAIL_FROM PUBLIC_URL S3_PUBLIC_ENDPOINT S3_SECRET_ACCESS_KEY SOURCE_DATABASE_URL'
      expect(named.toSorted().join(' ')).toBe(all)
    },
    30_000,
  )

  it.each(['api/server.ts', 'activities/worker.ts'])(
    '%s ends on demo accounts',
    async (script) => {
      const { exit, output } = start(script, production())
      expect(await exit, output()).toEqual([configurationExitCode, null])
      expect(output()).toContain('  admin@rapporteur.test\n  awa@rapporteur.test\n')
      expect(output()).toContain('npm run deactivate-demo-accounts')
      expect(output()).not.toContain('    at ')
    },
    30_000,
  )

  it('deactivate-demo-accounts wants another administrator, then closes them; the API starts', async () => {
    const command = 'demo/deactivate-demo-accounts.ts'
    await api.prisma.user.updateMany({
      where: { NOT: { email: { endsWith: '.test' } } },
      data: { role: 'user' },
    })
    const awa = await api.signIn('awa')
    await awa.post('/v1/me/api-keys', { name: 'old', scopes: ['reports:read'] })
    const refused = start(command, production())
    expect(await refused.exit).toEqual([1, null])
    expect(refused.output()).toContain('create-admin')
    expect(await api.prisma.user.count({ where: { email: 'admin@rapporteur.test', banned: false } })).toBe(1)

    const made = start('api/auth/create-admin.ts', production(), 'chef@exemple.fr')
    expect(await made.exit).toEqual([0, null])
    for (let count = 0; count < 2; count++) {
      const { exit, output } = start(command, production())
      expect(await exit, output()).toEqual([0, null])
    }
    const people = await api.prisma.user.findMany({ where: { email: { endsWith: '@rapporteur.test' } } })
    expect(people.every(({ banned }) => banned)).toBe(true)
    const userId = { in: people.map(({ id }) => id) }
    expect(await api.prisma.account.count({ where: { userId } })).toBe(0)
    expect(await api.prisma.session.count({ where: { userId } })).toBe(0)
    expect(await api.prisma.apikey.count({ where: { referenceId: userId } })).toBe(0)

    const port = await freePort()
    const { output } = start('api/server.ts', { ...production(), PORT: String(port) })
    await vi.waitFor(() => expect(output()).toContain('api ready'), { timeout: 30_000, interval: 50 })
    expect(output()).toContain('ALLOW_HTTP')
  }, 60_000)
})
