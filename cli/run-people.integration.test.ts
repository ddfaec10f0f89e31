import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApi, type TestApi } from '#test/worlds/test-api.ts'

const file = fileURLToPath(new URL('rapporteur.ts', import.meta.url))

let api: TestApi
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(async () => await api.close())

interface Said {
  code: number
  out: string
  error: string
}

function people(...args: string[]): Promise<Said> {
  const { DATABASE_URL, SOURCE_DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, S3_BUCKET, LINK_SECRET } =
    api.environment
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    DATABASE_URL,
    SOURCE_DATABASE_URL,
    TEMPORAL_ADDRESS,
    TEMPORAL_NAMESPACE,
    S3_BUCKET,
    LINK_SECRET,
    S3_ACCESS_KEY_ID: 'x',
    S3_SECRET_ACCESS_KEY: 'y',
    SMTP_URL: 'smtp://127.0.0.1:1',
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [file, 'people', ...args], { env }, (error, out, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, error: stderr })
    })
  })
}

const roleOf = async (email: string) => (await api.prisma.user.findUniqueOrThrow({ where: { email } })).role

it('invites, gives a link that works once, and changes role and attributes', async () => {
  expect(
    await people('invite', 'Zoe@Exemple.fr', '--name', 'Zoé Blanc', '--attribute', 'province=Kasaï'),
  ).toMatchObject({
    code: 0,
    out: 'zoe@exemple.fr is invited.\n',
  })
  expect((await people('list', 'zoe')).out).toBe(
    'zoe@exemple.fr\tZoé Blanc\tuser\tinvited\t0 scheduled reports\tprovince=Kasaï\n',
  )
  const { out } = await people('link', 'zoe@exemple.fr')
  const token = /\/mot-de-passe\/(\S+)/.exec(out)?.[1] ?? ''
  const choose = () =>
    api.anonymous.post(`/api/auth/password-links/${token}`, { password: 'une phrase longue' })
  expect((await choose()).status).toBe(204)
  expect((await choose()).status).toBe(410)
  expect((await people('role', 'zoe@exemple.fr', 'admin')).out).toBe('zoe@exemple.fr is changed.\n')
  expect(await roleOf('zoe@exemple.fr')).toBe('admin')
  await people('attributes', 'zoe@exemple.fr', 'province=Kwilu', 'site=Nord')
  expect((await people('list', 'zoe')).out).toContain('province=Kwilu\tsite=Nord')
  const told = await api.prisma.auditEvent.findMany({ where: { via: 'command' }, orderBy: { id: 'asc' } })
  expect(told.map(({ kind }) => kind)).toEqual([
    'person_invited',
    'password_link_sent',
    'person_changed',
    'person_changed',
  ])
})

it('hands over, deactivates, reactivates and anonymises', async () => {
  const admin = await api.signIn('admin')
  await admin.post('/v1/admin/scheduled-reports', {
    name: 'Écoles',
    type: 'schools',
    frequency: 'daily',
    recipients: ['admin@rapporteur.test'],
    format: 'csv',
  })
  await people('invite', 'paul@exemple.fr', '--admin')
  expect((await people('hand-over', 'admin@rapporteur.test', 'paul@exemple.fr')).out).toBe(
    '1 scheduled reports belong to paul@exemple.fr now.\n',
  )
  expect((await people('anonymise', 'paul@exemple.fr')).error).toContain('Only a deactivated account')
  expect((await people('deactivate', 'paul@exemple.fr')).out).toContain('1 scheduled reports are paused')
  expect((await people('anonymise', 'paul@exemple.fr')).error).toContain('Scheduled reports still belong')
  await people('hand-over', 'paul@exemple.fr', 'admin@rapporteur.test', '--resume')
  expect(await api.prisma.scheduledReport.findFirst()).toMatchObject({ enabled: true })
  expect((await people('reactivate', 'paul@exemple.fr')).code).toBe(0)
  await people('deactivate', 'paul@exemple.fr')
  expect(await people('anonymise', 'paul@exemple.fr')).toMatchObject({ out: 'Anonymised.\n', error: '' })
  expect((await people('list', 'paul')).out).toBe('Nobody.\n')
})

it('says what is wrong, and changes nothing', async () => {
  for (const [args, words, exitCode] of [
    [[], 'Usage', 2],
    [['nothing'], 'unknown command', 2],
    [['invit'], 'Did you mean invite?', 2],
    [['deactivate'], "missing required argument 'email'", 2],
    [['role', 'nobody@exemple.fr', 'admin'], 'nobody@exemple.fr has no account.', 1],
    [['role', 'leo@rapporteur.test', 'king'], 'role', 2],
    [['attributes', 'leo@rapporteur.test', 'x'], 'NAME=VALUE', 2],
    [['invite', 'not-an-address'], 'email', 2],
    [['invite', 'leo@rapporteur.test'], 'has an account already', 1],
    [['list', '--unknown'], 'unknown', 2],
  ] as const) {
    const { code, error } = await people(...args)
    expect([code, error]).toEqual([exitCode, expect.stringContaining(words)])
    expect(error).not.toContain('    at ')
  }
  expect(await roleOf('leo@rapporteur.test')).toBe('user')
})
