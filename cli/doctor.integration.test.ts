/** Each fault is put into an installation of real parts in which nothing else is wrong, and the doctor looks. */

import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { maintenanceSchedules } from '#contract/names.ts'
import { freePort } from '#local/ports.ts'
import { postgresReaderUrl, postgresUrl } from '#local/parts/postgres-part.ts'
import { projectFolder } from '#local/settings.ts'
import { createPrisma } from '#prisma/client.ts'
import type { Finding } from '#services/checks/finding.ts'
import { clearFault, noteFault } from '#services/maintenance/installation-faults.ts'
import { readInstallation } from '#services/maintenance/installation.ts'
import { ensureMaintenanceSchedules } from '#services/maintenance/maintenance-schedules.ts'
import { startApiProcess, type ApiProcess } from '#test/processes/api-process.ts'
import { createEmptyDatabase, createTestDatabase } from '#test/servers/database.ts'
import { startIdentityProvider } from '#test/servers/test-identity-provider.ts'
import { startMailServer, type MailFault, type MailServerOptions } from '#test/servers/mail-server.ts'
import { createAuthority } from '#test/servers/private-postgres.ts'
import { startStrictTemporal } from '#test/servers/strict-temporal.ts'
import { refuseOperations, startStorageProxy, type StorageRefusal } from '#test/servers/storage-proxy.ts'
import { createTestNamespace } from '#test/servers/temporal-namespace.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { doctor } from './doctor.ts'

let world: ReportWorld
let api: ApiProcess
let sound: Record<string, string>
/** A port on which nothing listens. */
let deaf: number
let folder: string
beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
  await claimNamespace()
  api = await startApiProcess({ ...world.variables, LOG_LEVEL: 'silent' })
  sound = { ...world.variables, PUBLIC_URL: api.url }
  deaf = await freePort()
  folder = await mkdtemp(join(tmpdir(), 'rapporteur-doctor-'))
}, 120_000)
afterAll(async () => {
  await api.kill()
  await world.close()
  await rm(folder, { recursive: true })
})

type Change = Record<string, string>

/** A fault of these, and what the doctor should find. */
interface Case {
  fault: string
  put: () => Change | Promise<Change>
  part: string
  code: string
  says: RegExp
  remedy: RegExp
  /** 1 unless given. */
  exitCode?: number
  state?: Finding['state']
}

const withPort = (address: string, port: number) => {
  const url = new URL(address)
  url.port = String(port)
  return url.href
}
const withPassword = (address: string, password: string) => {
  const url = new URL(address)
  url.password = password
  return url.href
}
const withHost = (address: string, host: string) => {
  const url = new URL(address)
  url.hostname = host
  return url.origin
}
const oidc = { OIDC_CLIENT_ID: 'rapporteur', OIDC_CLIENT_SECRET: 'of-this-test' }
const nameOf = (address: string) => new URL(address).pathname.slice(1)
const portOf = (address: string) => Number(new URL(address).port)

async function mailServer(options: MailServerOptions = {}) {
  const server = await startMailServer(options)
  onTestFinished(() => server.close())
  return server
}

async function mailServerThat(fault: MailFault): Promise<Change> {
  const server = await mailServer()
  server.inject(fault)
  return { SMTP_URL: server.url }
}

const denied = { status: 403, code: 'AccessDenied' }

async function storageThat(refusal: StorageRefusal): Promise<Change> {
  const proxy = await startStorageProxy(world.environment.S3_ENDPOINT ?? '')
  onTestFinished(() => proxy.close())
  proxy.refuse(refusal)
  return { S3_ENDPOINT: proxy.address }
}

async function claimNamespace(): Promise<void> {
  await ensureMaintenanceSchedules(world.temporal, await readInstallation(world.prisma, world.environment))
}

async function database(create = createTestDatabase) {
  const made = await create()
  onTestFinished(() => made.drop())
  return made
}

const cases: Case[] = [
  {
    fault: 'a wrong variable',
    put: () => ({ MAIL_FROM: 'foo' }),
    part: 'configuration',
    code: 'variable_wrong',
    says: /^MAIL_FROM: is no address/,
    remedy: /\.env\.example/,
    exitCode: 78,
  },
  {
    fault: 'a missing folder of report types',
    put: () => ({ REPORTS_DIR: '/nowhere/types' }),
    part: 'report_types',
    code: 'reports_dir',
    says: /\/nowhere\/types.*ENOENT/,
    remedy: /REPORTS_DIR/,
  },
  {
    fault: 'a faulty report type',
    put: async () => {
      const types = await mkdtemp(join(folder, 'types-'))
      await writeFile(join(types, 'loans.mjs'), 'export default {')
      return { REPORTS_DIR: types }
    },
    part: 'report_types',
    code: 'type_faulty',
    says: /loans\.mjs: /,
    remedy: /Correct the file/,
  },
  {
    fault: 'a database that nothing listens for',
    put: () => ({ DATABASE_URL: withPort(world.environment.DATABASE_URL, deaf) }),
    part: 'database',
    code: 'database_away',
    says: /cannot be reached: .*ECONNREFUSED/,
    remedy: /host and port in DATABASE_URL/,
  },
  {
    fault: 'a wrong password of the database',
    put: () => ({ DATABASE_URL: withPassword(world.environment.DATABASE_URL, 'not-this-one') }),
    part: 'database',
    code: 'database_sign_in',
    says: /28P01/,
    remedy: /user or password of DATABASE_URL \(role "rapporteur"\)/,
  },
  {
    fault: 'a database that does not exist',
    put: () => ({ DATABASE_URL: `${world.environment.DATABASE_URL}x` }),
    part: 'database',
    code: 'database_missing',
    says: /3D000/,
    remedy: /CREATE DATABASE/,
  },
  {
    fault: 'a database without the migrations',
    put: async () => ({ DATABASE_URL: (await database(createEmptyDatabase)).url }),
    part: 'database',
    code: 'database_not_migrated',
    says: /migrations are not applied/,
    remedy: /npm run migrate/,
  },
  {
    fault: 'a migration that failed',
    put: async () => {
      const { url } = await database()
      const prisma = createPrisma(url)
      await prisma.$executeRaw`
        UPDATE _prisma_migrations SET finished_at = NULL
        WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`
      await prisma.$disconnect()
      return { DATABASE_URL: url }
    },
    part: 'database',
    code: 'database_migration_failed',
    says: /A migration has failed: \d+_/,
    remedy: /npm run migrate/,
  },
  {
    fault: 'a database that a later version has migrated',
    put: async () => {
      const { url } = await database()
      const prisma = createPrisma(url)
      await prisma.$executeRaw`
        INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
        VALUES ('later', '', '20990101000000_later', now())`
      await prisma.$disconnect()
      return { DATABASE_URL: url }
    },
    part: 'database',
    code: 'database_newer',
    says: /20990101000000_later/,
    remedy: /Run that version everywhere/,
  },
  {
    fault: 'a role that only reads the database',
    put: async () => {
      const { url } = await database()
      return { DATABASE_URL: postgresReaderUrl(portOf(url), nameOf(url)) }
    },
    part: 'database',
    code: 'database_read_only',
    says: /"rapporteur_reader" only reads/,
    remedy: /role that owns the tables/,
  },
  {
    fault: 'a role that may not write every table',
    put: async () => {
      const { url } = await database()
      const role = `doctor_${Date.now()}`
      const prisma = createPrisma(url)
      onTestFinished(async () => {
        await prisma.$executeRawUnsafe(`DROP OWNED BY ${role}`)
        await prisma.$executeRawUnsafe(`DROP ROLE ${role}`)
        await prisma.$disconnect()
      })
      await prisma.$executeRawUnsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'of-this-test'`)
      await prisma.$executeRawUnsafe(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}`)
      await prisma.$executeRawUnsafe(`REVOKE INSERT ON report FROM ${role}`)
      const address = new URL(withPassword(url, 'of-this-test'))
      address.username = role
      return { DATABASE_URL: address.href }
    },
    part: 'database',
    code: 'database_rights',
    says: /may not read and write report$/,
    remedy: /GRANT SELECT, INSERT, UPDATE, DELETE/,
  },
  {
    fault: 'Temporal away',
    put: () => ({ TEMPORAL_ADDRESS: `127.0.0.1:${deaf}` }),
    part: 'temporal',
    code: 'temporal_away',
    says: /cannot be reached/,
    remedy: /TEMPORAL_ADDRESS/,
  },
  {
    fault: 'a missing namespace',
    put: () => ({ TEMPORAL_NAMESPACE: 'not-there' }),
    part: 'temporal',
    code: 'temporal_namespace_missing',
    says: /no namespace "not-there"/,
    remedy: /temporal operator namespace create --namespace not-there/,
  },
  {
    fault: 'a Temporal that refuses the key',
    put: async () => {
      const authority = await createAuthority(folder, 'doctor')
      const strict = await startStrictTemporal(world.environment.TEMPORAL_ADDRESS, authority, {
        apiKey: 'right',
      })
      onTestFinished(() => strict.close())
      const ca = join(folder, 'ca.pem')
      await writeFile(ca, authority.certificate)
      return { TEMPORAL_ADDRESS: strict.address, TEMPORAL_TLS_CA_FILE: ca, TEMPORAL_API_KEY: 'wrong' }
    },
    part: 'temporal',
    code: 'temporal_refused',
    says: /does not let this client in: the key is not known/,
    remedy: /TEMPORAL_API_KEY/,
  },
  {
    fault: 'missing search attributes',
    put: async () => ({ ...(await createTestNamespace({ hasAttributes: false })) }),
    part: 'temporal',
    code: 'temporal_attributes_missing',
    says: /lacks the search attributes ScheduledReportId/,
    remedy: /search-attribute create .*--name ScheduledReportId --type Keyword/,
    state: 'warning',
  },
  {
    fault: 'another installation in the namespace',
    put: async () => {
      const { url } = await database()
      const prisma = createPrisma(url)
      await prisma.$executeRaw`UPDATE installation SET id = gen_random_uuid()`
      await prisma.$disconnect()
      return { DATABASE_URL: url }
    },
    part: 'temporal',
    code: 'temporal_namespace_foreign',
    says: /belongs to another installation/,
    remedy: /TEMPORAL_NAMESPACE/,
  },
  {
    fault: 'no worker alive',
    put: async () => ({ ...(await createTestNamespace()) }),
    part: 'workers',
    code: 'no_worker',
    says: /No worker has asked for work/,
    remedy: /command `worker`/,
  },
  {
    fault: 'a sweep that is gone',
    put: async () => {
      await world.temporal.schedule.getHandle(maintenanceSchedules.sweep).delete()
      onTestFinished(claimNamespace)
      return {}
    },
    part: 'workers',
    code: 'sweep_late',
    says: /Schedule is missing/,
    remedy: /A worker makes a missing one anew/,
  },
  {
    fault: 'what a worker has noted',
    put: async () => {
      await noteFault(world.prisma, 'mail_server', { code: 'mail_refused', detail: '550 Blocked' })
      onTestFinished(() => clearFault(world.prisma, 'mail_server'))
      return {}
    },
    part: 'workers',
    code: 'mail_server',
    says: /^Noted since .*: 550 Blocked$/,
    remedy: /dashboard/,
    state: 'warning',
    exitCode: 0,
  },
  {
    fault: 'a storage that nothing listens for',
    put: () => ({ S3_ENDPOINT: `http://127.0.0.1:${deaf}` }),
    part: 'storage',
    code: 'storage_away',
    says: /cannot be reached/,
    remedy: /S3_ENDPOINT/,
  },
  {
    fault: 'a wrong key of the storage',
    put: () => ({ S3_SECRET_ACCESS_KEY: 'not-this-one-at-all' }),
    part: 'storage',
    code: 'storage_keys',
    says: /SignatureDoesNotMatch/,
    remedy: /S3_SECRET_ACCESS_KEY/,
  },
  {
    fault: 'a missing bucket',
    put: () => ({ S3_BUCKET: 'not-there' }),
    part: 'storage',
    code: 'storage_bucket_missing',
    says: /no bucket "not-there"/,
    remedy: /S3_BUCKET/,
  },
  {
    fault: 'keys of the storage without any right',
    put: () => storageThat(() => denied),
    part: 'storage',
    code: 'storage_refused',
    says: /refuses these keys: .*AccessDenied/,
    remedy: /the rights that reports need/,
  },
  {
    fault: 'a storage that refuses to delete',
    put: () => storageThat(refuseOperations(['DeleteObject', 'DeleteObjects'], denied)),
    part: 'storage',
    code: 'storage_lacks_delete',
    says: /refuses to delete: .*AccessDenied/,
    remedy: /s3:DeleteObject/,
  },
  {
    fault: 'a mail server that nothing listens for',
    put: () => ({ SMTP_URL: `smtp://127.0.0.1:${deaf}` }),
    part: 'mail',
    code: 'mail_away',
    says: /cannot be reached/,
    remedy: /SMTP_URL/,
  },
  {
    fault: 'a wrong password of the mail server',
    put: async () => {
      const { url } = await mailServer({ credentials: { user: 'reports', password: 'right' } })
      return { SMTP_URL: withPassword(url, 'wrong') }
    },
    part: 'mail',
    code: 'mail_sign_in',
    says: /refuses the sign-in as "reports": 535/,
    remedy: /user and password in SMTP_URL/,
  },
  {
    fault: 'a mail server whose certificate nobody has signed',
    put: async () => ({ SMTP_URL: (await mailServer({ tls: 'implicit' })).url }),
    part: 'mail',
    code: 'mail_tls',
    says: /TLS fails: /,
    remedy: /NODE_EXTRA_CA_CERTS/,
  },
  {
    fault: 'a mail server that refuses the sender',
    put: () => mailServerThat({ at: 'sender', does: 'reply', code: 550, text: '5.7.1 Not your address' }),
    part: 'mail',
    code: 'mail_sender_refused',
    says: /takes no mails from rapporteur@rapporteur\.test: 550 5\.7\.1/,
    remedy: /MAIL_FROM/,
  },
  {
    fault: 'a mail server that refuses the sender at the recipient',
    put: () =>
      mailServerThat({ at: 'recipient', does: 'reply', code: 553, text: '5.7.1 Sender address rejected' }),
    part: 'mail',
    code: 'mail_sender_refused',
    says: /553 5\.7\.1/,
    remedy: /MAIL_FROM/,
  },
  {
    fault: 'a mail server that asks to come back',
    put: () => mailServerThat({ at: 'recipient', does: 'reply', code: 451, text: '4.7.1 Greylisted' }),
    part: 'mail',
    code: 'mail_deferred',
    says: /come back later: 451 4\.7\.1/,
    remedy: /wait as long as it says/,
    state: 'warning',
    exitCode: 0,
  },
  {
    fault: 'a source that nothing listens for',
    put: () => ({ SOURCE_DATABASE_URL: withPort(world.environment.SOURCE_DATABASE_URL, deaf) }),
    part: 'source',
    code: 'source_away',
    says: /cannot be reached: .*ECONNREFUSED/,
    remedy: /host and port in SOURCE_DATABASE_URL/,
  },
  {
    fault: 'a source whose role may write',
    put: () => {
      const { port } = new URL(world.environment.DATABASE_URL)
      return { SOURCE_DATABASE_URL: postgresUrl(Number(port), nameOf(world.environment.SOURCE_DATABASE_URL)) }
    },
    part: 'source',
    code: 'source_role_writes',
    says: /role "rapporteur" is a superuser/,
    remedy: /SELECT only/,
    state: 'warning',
    exitCode: 0,
  },
  {
    fault: 'a report type whose SQL is wrong',
    put: async () => {
      await copyFile(join(projectFolder, 'test/report-types/refused.ts'), join(folder, 'refused.ts'))
      return { REPORTS_DIR: folder }
    },
    part: 'source',
    code: 'type_refused',
    says: /"refused".*42P01/,
    remedy: /types check/,
  },
  {
    fault: 'a public address where nobody answers',
    put: () => ({ PUBLIC_URL: `http://127.0.0.1:${deaf}` }),
    part: 'public_url',
    code: 'public_url_away',
    says: /ECONNREFUSED/,
    remedy: /PUBLIC_URL/,
  },
  {
    fault: 'a public address where another service answers',
    put: () => ({ PUBLIC_URL: world.environment.S3_ENDPOINT ?? '' }),
    part: 'public_url',
    code: 'public_url_wrong',
    says: /answered by something else/,
    remedy: /proxy/,
  },
  {
    fault: 'an identity provider that nothing listens for',
    put: () => ({ ...oidc, OIDC_ISSUER: `http://127.0.0.1:${deaf}` }),
    part: 'identity_provider',
    code: 'identity_provider_away',
    says: /ECONNREFUSED/,
    remedy: /OIDC_ISSUER; meanwhile only passwords sign in/,
  },
  {
    fault: 'an identity provider of another name',
    put: async () => {
      const provider = await startIdentityProvider({ publicUrl: api.url })
      onTestFinished(() => provider.close())
      return { ...oidc, OIDC_ISSUER: withHost(provider.url, 'localhost') }
    },
    part: 'identity_provider',
    code: 'identity_provider_wrong',
    says: /calls itself http:\/\/127\.0\.0\.1/,
    remedy: /as the provider writes it/,
  },
]

const look = async (change: Change = {}) => {
  const answer = await doctor({ ...sound, ...change })
  return { ...answer, findings: (answer.json as { findings: Finding[] }).findings }
}

/** The doctor as a command. */
function byCommand(
  variables: Change,
  ...args: string[]
): Promise<{ code: number; out: string; error: string }> {
  const file = join(projectFolder, 'cli/rapporteur.ts')
  const { PATH, NODE_COMPILE_CACHE } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [file, 'doctor', ...args],
      { env: { PATH, NODE_COMPILE_CACHE, ...sound, ...variables } },
      (error, out, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, error: stderr }),
    )
  })
}

describe('the doctor', { timeout: 60_000 }, () => {
  it('finds nothing wrong where nothing is, and says whom it reached, as whom, and which version', async () => {
    const { text, findings, exitCode } = await look()
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([])
    expect(text).toMatch(/^ok +database .*as "rapporteur", PostgreSQL 18/m)
    expect(text).toMatch(/^ok +Temporal .*keeps 1 days.*Temporal 1\./m)
    expect(text).toMatch(/^ok +workers +1 asked for work/m)
    expect(text).toMatch(/^ok +mail server .*takes mails from rapporteur@rapporteur\.test/m)
    expect(text).toContain('Nothing is wrong.')
    expect(exitCode).toBe(0)
    expect(world.mail.mails).toEqual([])
  })

  it.each(cases)('names $fault', async ({ put, part, code, says, remedy, exitCode = 1, state = 'fault' }) => {
    const answer = await look(await put())
    const found = answer.findings.filter((finding) => finding.code === code)
    expect(found, answer.text).toHaveLength(1)
    expect(found[0]).toMatchObject({ part, state })
    expect(found[0]?.says).toMatch(says)
    expect(found[0]?.remedy).toMatch(remedy)
    expect(answer.exitCode).toBe(exitCode)
    // Nothing else is blamed, but what cannot be looked at without the part.
    const others = answer.findings.filter((finding) => finding.state === 'fault' && finding.part !== part)
    expect(others.filter(({ part: other }) => other !== 'workers')).toEqual([])
  })

  it('names a clock that is wrong, as a command with text, JSON and exit codes', async () => {
    const shift = join(folder, 'shift')
    await writeFile(shift, String(40 * 60_000))
    const preload = pathToFileURL(join(projectFolder, 'test/processes/shifted-clock.ts')).href
    const fast = { NODE_OPTIONS: `--import=${preload}`, TEST_CLOCK_FILE: shift }
    const { code, out, error } = await byCommand(fast)
    expect(error).toBe('')
    expect(out).toMatch(/^FAULT +clock +this machine's clock is 2[34]\d\d\.\d s ahead of the database's/m)
    expect(out).toMatch(/→ Synchronise this machine/)
    expect(code).toBe(1)
    const asJson = await byCommand({ MAIL_FROM: 'foo' }, '--json')
    expect(JSON.parse(asJson.out)).toMatchObject({ faults: 1, findings: [{ code: 'variable_wrong' }] })
    expect(asJson.code).toBe(78)
  })

  it('blames no mail server that has no mailbox for the sender', async () => {
    const change = await mailServerThat({
      at: 'recipient',
      does: 'reply',
      code: 550,
      text: '5.1.1 No such user',
    })
    expect((await look(change)).exitCode).toBe(0)
  })

  it('leaves out what it is told to', async () => {
    const { exitCode, text } = await doctor(
      { ...sound, PUBLIC_URL: `http://127.0.0.1:${deaf}` },
      { without: ['public_url'] },
    )
    expect(text).not.toContain('public address')
    expect(exitCode).toBe(0)
  })

  it('ends with 1 for warnings where that is asked, and shows no secret', async () => {
    const change = await cases.find(({ code }) => code === 'source_role_writes')?.put()
    expect(await doctor({ ...sound, ...change }, { strict: true })).toMatchObject({ exitCode: 1 })
    const secret = 'hush-hush-hush-hush'
    const { text } = await look({
      DATABASE_URL: withPassword(world.environment.DATABASE_URL, secret),
      SOURCE_DATABASE_URL: withPassword(world.environment.SOURCE_DATABASE_URL, secret),
      S3_SECRET_ACCESS_KEY: secret,
      SMTP_URL: `smtp://user:${secret}@127.0.0.1:${world.mail.port}`,
    })
    expect(text).not.toContain(secret)
    expect(text).toContain('4 faults')
  })
})
