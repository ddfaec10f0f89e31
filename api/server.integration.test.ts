import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
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

  it('exits at once and names each wrong variable', async () => {
    const { exit, output } = start('api/server.ts', { ...variables(), PORT: 'eighty', SMTP_URL: '' })
    expect(await exit).toEqual([1, null])
    expect(output()).toContain('PORT')
    expect(output()).toContain('SMTP_URL: is required and not set')
    expect(output()).not.toContain('    at ')
  }, 30_000)

  it('exits and names the missing variables when an OIDC issuer is given in part', async () => {
    const { exit, output } = start('api/server.ts', { ...variables(), OIDC_ISSUER: 'https://id.exemple.fr' })
    expect(await exit).toEqual([1, null])
    expect(output()).toContain('OIDC_CLIENT_ID: is required')
    expect(output()).toContain('OIDC_CLIENT_SECRET: is required')
  }, 30_000)

  it('exits with EADDRINUSE when its port is taken', async () => {
    const port = new URL(api.environment.DATABASE_URL).port
    const { exit, output } = start('api/server.ts', { ...variables(), PORT: port })
    expect(await exit).toEqual([1, null])
    expect(output()).toContain('EADDRINUSE')
  }, 30_000)
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
