/** Each way of libpq against servers that demand it. */

import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '#catalogue/sql.ts'
import { freePort } from '#local/ports.ts'
import { projectFolder } from '#local/settings.ts'
import { applyMigrations } from '#prisma/migration-engine.ts'
import { createPrisma } from '#prisma/client.ts'
import {
  createAuthority,
  startPrivatePostgres,
  type PrivatePostgres,
} from '#test/servers/private-postgres.ts'
import { createSource } from '../source/source.ts'

type Server = Awaited<ReturnType<typeof startPrivatePostgres>>

/** Takes TLS and demands it of some roles. */
let secure: Server
/** Takes no TLS. */
let plain: Server
/** Its certificate has expired. */
let expired: Server
let files: Record<
  'ca' | 'otherCa' | 'clientCert' | 'clientKey' | 'lockedKey' | 'strangerCert' | 'strangerKey',
  string
>
/** Any character there is in a keyboard. */
const hostilePassword = `p@s/w?#&%41 "'\\ :é€=+;`

beforeAll(async () => {
  plain = await startPrivatePostgres()
  const { folder } = plain
  const [authority, other] = await Promise.all([
    createAuthority(folder, 'ours'),
    createAuthority(folder, 'other'),
  ])
  const server = await authority.issue({ name: 'db.test', altNames: 'DNS:localhost' })
  const old = await authority.issue({ name: 'old', altNames: 'DNS:localhost', isExpired: true })
  const client = await authority.issue({ name: 'certified' })
  const stranger = await other.issue({ name: 'certified' })
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  files = {
    ca: await file('ca.pem', authority.certificate),
    otherCa: await file('other-ca.pem', other.certificate),
    clientCert: await file('client.pem', client.certificate),
    clientKey: await file('client.key', client.key),
    lockedKey: join(folder, 'locked.key'),
    strangerCert: await file('stranger.pem', stranger.certificate),
    strangerKey: await file('stranger.key', stranger.key),
  }
  await promisify(execFile)('openssl', [
    'ec',
    '-aes256',
    '-passout',
    'pass:sésame',
    '-in',
    files.clientKey,
    '-out',
    files.lockedKey,
  ])
  const tls = (pair: { certificate: string; key: string }) => ({
    settings: { ssl: 'on', ssl_cert_file: 'server.pem', ssl_key_file: 'server.key', ssl_ca_file: 'ca.pem' },
    files: { 'server.pem': pair.certificate, 'server.key': pair.key, 'ca.pem': authority.certificate },
  })
  secure = await startPrivatePostgres({
    ...tls(server),
    hba: [
      'hostssl all certified all cert clientcert=verify-full',
      'hostssl all only_tls all scram-sha-256',
      'host all only_tls all reject',
      'hostnossl all only_plain all scram-sha-256',
      'host all only_plain all reject',
    ],
  })
  expired = await startPrivatePostgres({ ...tls(old), hba: ['hostssl all all all scram-sha-256'] })
  for (const one of [secure, plain, expired]) {
    const admin = await one.admin()
    for (const role of ['certified', 'only_tls', 'only_plain', 'anyone'])
      await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`)
    await admin.query(`CREATE ROLE hostile LOGIN PASSWORD '${hostilePassword.replaceAll("'", "''")}'`)
    await admin.end()
  }
}, 120_000)

afterAll(async () => {
  for (const one of [secure, plain, expired]) await one?.stop()
})

const at = (server: PrivatePostgres, role: string, query = '', host = 'localhost') =>
  `postgresql://${role}:secret@${host}:${server.port}/rapporteur${query && `?${query}`}`

/** Whether the session is encrypted; the error's message when there is none. */
async function connect(address: string): Promise<string> {
  const source = createSource({ connectionString: address, statementTimeoutMs: 10_000 })
  try {
    await source.ping()
    const { rows } = await source.rows(sql`
      select (select case when ssl then version else 'plain' end from pg_stat_ssl where pid = pg_backend_pid())`)
    return rows[0]?.[0] ?? ''
  } catch (error) {
    return `refused: ${(error as Error).message}`
  } finally {
    await source.close()
  }
}

const encrypted = /^TLSv1\.[23]$/
const unencrypted = /^plain$/

describe('sslmode', () => {
  it.each([
    // mode, role, on the server with TLS, on the one without
    ['', 'anyone', encrypted, unencrypted],
    ['sslmode=disable', 'anyone', unencrypted, unencrypted],
    ['sslmode=disable', 'only_tls', /refused: .*28000.*pg_hba/, unencrypted],
    ['sslmode=allow', 'anyone', unencrypted, unencrypted],
    ['sslmode=allow', 'only_tls', encrypted, unencrypted],
    ['sslmode=prefer', 'anyone', encrypted, unencrypted],
    ['sslmode=prefer', 'only_plain', unencrypted, unencrypted],
    ['sslmode=require', 'anyone', encrypted, /refused: .*does not support SSL/],
    ['sslmode=require', 'only_plain', /refused: .*28000/, /refused: .*does not support SSL/],
    ['sslmode=require&channel_binding=require', 'anyone', encrypted, /refused: .*does not support SSL/],
    ['sslmode=require&ssl_max_protocol_version=TLSv1.2', 'anyone', /TLSv1.2/, /refused/],
  ])('"%s" of %s', async (query, role, withTls, withoutTls) => {
    expect(await connect(at(secure, role, query))).toMatch(withTls)
    expect(await connect(at(plain, role, query))).toMatch(withoutTls)
  })

  it.each([
    // an authority, a host of the certificate or not, an expired certificate
    ['require', 'ca', 'localhost', encrypted],
    ['require', 'ca', '127.0.0.1', encrypted],
    ['require', 'otherCa', 'localhost', /refused: .*(certificate|issuer)/],
    ['verify-ca', 'ca', '127.0.0.1', encrypted],
    ['verify-ca', 'otherCa', 'localhost', /refused: .*(certificate|issuer)/],
    ['verify-full', 'ca', 'localhost', encrypted],
    ['verify-full', 'ca', '127.0.0.1', /refused: .*does not match certificate/],
    ['verify-full', 'otherCa', 'localhost', /refused: .*(certificate|issuer)/],
  ] as const)('%s with %s at %s', async (mode, authority, host, expected) => {
    const query = `sslmode=${mode}&sslrootcert=${files[authority]}`
    expect(await connect(at(secure, 'anyone', query, host))).toMatch(expected)
  })

  it('verify-full checks the name, not the address that hostaddr gives', async () => {
    const query = `sslmode=verify-full&sslrootcert=${files.ca}&hostaddr=127.0.0.1`
    expect(await connect(at(secure, 'anyone', query))).toMatch(encrypted)
    expect(await connect(at(secure, 'anyone', query, 'db.elsewhere.test'))).toMatch(
      /refused: .*does not match certificate/,
    )
  })

  it('an expired certificate is refused where certificates are verified', async () => {
    expect(await connect(at(expired, 'anyone', 'sslmode=require'))).toMatch(encrypted)
    for (const mode of ['require', 'verify-ca', 'verify-full'])
      expect(await connect(at(expired, 'anyone', `sslmode=${mode}&sslrootcert=${files.ca}`))).toMatch(
        /refused: .*expired/,
      )
  })

  it('PGSSLMODE and PGSSLROOTCERT say what the address does not; sslrootcert=system is the system’s', async () => {
    const script = `
      import { createSource } from '#adapters/source/source.ts'
      const source = createSource({ connectionString: process.argv[1], statementTimeoutMs: 9000 })
      await source.ping().then(() => console.log('connected'), (error) => console.log(error.message))
      process.exit(0)`
    const tried = async (address: string, env: Record<string, string>) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--input-type=module', '-e', script, address],
        {
          cwd: projectFolder,
          env: { PATH: process.env.PATH, ...env },
        },
      )
      return stdout.trim()
    }
    const address = at(secure, 'anyone')
    expect(await tried(address, { PGSSLMODE: 'verify-full', PGSSLROOTCERT: files.ca })).toBe('connected')
    expect(await tried(address, { PGSSLMODE: 'verify-full', PGSSLROOTCERT: files.otherCa })).toMatch(
      /certificate|issuer/,
    )
    const system = at(secure, 'anyone', 'sslrootcert=system')
    expect(await tried(system, {})).toMatch(/certificate|issuer/)
    expect(await tried(system, { SSL_CERT_FILE: files.ca })).toBe('connected')
  })
})

describe('a client certificate', () => {
  const certified = (certificate: keyof typeof files, key: keyof typeof files, more = '') =>
    `postgresql://certified@localhost:${secure.port}/rapporteur?sslmode=verify-full&sslrootcert=${files.ca}&sslcert=${files[certificate]}&sslkey=${files[key]}${more}`

  it('signs in without a password, its key locked by one or not', async () => {
    expect(await connect(certified('clientCert', 'clientKey'))).toMatch(encrypted)
    expect(
      await connect(certified('clientCert', 'lockedKey', `&sslpassword=${encodeURIComponent('sésame')}`)),
    ).toMatch(encrypted)
  })

  it('is needed where the server demands it, and of an authority that it knows', async () => {
    expect(await connect(at(secure, 'certified', `sslmode=require`))).toMatch(/refused: .*certificate/)
    expect(await connect(certified('strangerCert', 'strangerKey'))).toMatch(/refused/)
  })
})

describe('an address', () => {
  it('names several hosts: the first that answers', async () => {
    const nowhere = await freePort()
    const hosts = `localhost:${nowhere},127.0.0.1:${plain.port}`
    expect(await connect(`postgresql://anyone:secret@${hosts}/rapporteur`)).toMatch(unencrypted)
    const twice = `postgresql://anyone:secret@/rapporteur?host=localhost,localhost&port=${nowhere},${secure.port}`
    expect(await connect(twice)).toMatch(encrypted)
  })

  it('asks no further server after a refused password', async () => {
    const hosts = `localhost:${secure.port},127.0.0.1:${plain.port}`
    expect(await connect(`postgresql://anyone:wrong@${hosts}/rapporteur?sslmode=require`)).toMatch(
      /refused: .*28P01/,
    )
  })

  it('names a socket', async () => {
    const folder = encodeURIComponent(plain.folder)
    expect(await connect(`postgresql://anyone:secret@/rapporteur?host=${folder}&port=${plain.port}`)).toMatch(
      unencrypted,
    )
    expect(
      await connect(`postgresql://anyone:secret@${folder}:${plain.port}/rapporteur?sslmode=require`),
    ).toMatch(unencrypted)
  })

  it('has any character in its password, encoded', async () => {
    const address = `postgresql://hostile:${encodeURIComponent(hostilePassword)}@localhost:${plain.port}/rapporteur`
    expect(await connect(address)).toMatch(unencrypted)
  })

  it('gives the server options, and an application’s name', async () => {
    const query = `options=${encodeURIComponent('-c search_path=elsewhere -c work_mem=5MB')}&application_name=chiffres`
    const source = createSource({ connectionString: at(plain, 'anyone', query), statementTimeoutMs: 9_000 })
    const { rows } = await source.rows(sql`
      select current_setting('search_path'), current_setting('work_mem'), current_setting('application_name')`)
    await source.close()
    expect(rows).toEqual([['elsewhere', '5MB', 'chiffres']])
  })

  it('serves the product’s own database and its migrations alike', { timeout: 60_000 }, async () => {
    const account = 'rapporteur:rapporteur'
    const address = `postgresql://${account}@localhost:${await freePort()},localhost:${secure.port}/rapporteur?sslmode=verify-full&sslrootcert=${files.ca}&target_session_attrs=read-write`
    expect((await applyMigrations(address)).length).toBeGreaterThan(10)
    const prisma = createPrisma(address)
    expect(await prisma.user.count()).toBe(0)
    await prisma.$disconnect()
    await expect(applyMigrations(address.replace(files.ca, files.otherCa))).rejects.toThrow(
      /certificate|issuer/,
    )
  })
})
