/** A PostgreSQL of one test's own, configured as it needs: TLS, who may connect how, replication. */

import { execFile } from 'node:child_process'
import { chmod, chown, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { Part } from '#local/part.ts'
import { createDatabaseIfMissing, postgresPart, postgresUrl } from '#local/parts/postgres-part.ts'
import { freePort } from '#local/ports.ts'

const run = promisify(execFile)

export interface PrivatePostgres {
  port: number
  /** Of the superuser, in the database `rapporteur`. */
  url: string
  /** Of the server, its certificates and sockets; removed with it. */
  folder: string
  /** A client of the superuser, on the loopback address without TLS unless `hba` says otherwise. */
  admin(): Promise<Client>
  stop(): Promise<void>
}

export interface PrivateOptions {
  /** Settings of the server. */
  settings?: Readonly<Record<string, string>>
  /** Lines of pg_hba.conf, before those that let everybody in by password. */
  hba?: readonly string[]
  /** Files of its data folder, such as certificates; readable by the server alone. */
  files?: Readonly<Record<string, string>> | (() => Promise<Readonly<Record<string, string>>>)
  /** A copy of this server's data instead of a new server. */
  copyOf?: { dataFolder: string }
}

export async function startPrivatePostgres({
  settings = {},
  hba = [],
  files = {},
  copyOf,
}: PrivateOptions = {}): Promise<PrivatePostgres & { dataFolder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'rapporteur-own-postgres-'))
  await chmod(folder, 0o777)
  const dataFolder = join(folder, 'data')
  const port = await freePort()
  if (copyOf) await cp(copyOf.dataFolder, dataFolder, { recursive: true, preserveTimestamps: true })
  if (copyOf) await ownedAs(copyOf.dataFolder, dataFolder)
  const definition = await postgresPart({ folder: dataFolder, port, durable: false })
  const owner = await stat(dataFolder)
  for (const [name, text] of Object.entries(typeof files === 'function' ? await files() : files)) {
    const path = join(dataFolder, name)
    await writeFile(path, text, { mode: 0o600 })
    await chown(path, owner.uid, owner.gid)
  }
  const hbaFile = join(dataFolder, 'pg_hba.conf')
  const lines = [
    ...hba,
    'local all all scram-sha-256',
    'host all all 127.0.0.1/32 scram-sha-256',
    'host replication all 127.0.0.1/32 scram-sha-256',
  ]
  await writeFile(hbaFile, `${lines.join('\n')}\n`)
  const more = { unix_socket_directories: folder, ...settings }
  const args = Object.entries(more).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const part = new Part(
    { ...definition, args: [...definition.args, ...args], ...(hba.length > 0 ? { isReady: bySocket } : {}) },
    { run: folder, logs: folder },
    (text) => process.stderr.write(`${text}\n`),
  )
  const url = postgresUrl(port, 'rapporteur')
  async function bySocket() {
    const client = new Client(socketOf(folder, port, 'postgres'))
    client.on('error', () => {})
    await client.connect()
    await client.end()
  }
  const killIt = () => part.kill()
  process.once('exit', killIt)
  await part.start()
  if (hba.length === 0 && !copyOf) await createDatabaseIfMissing(port, 'rapporteur')
  if (hba.length > 0) {
    const client = new Client(socketOf(folder, port, 'postgres'))
    await client.connect()
    await client.query('CREATE DATABASE rapporteur')
    await client.end()
  }
  return {
    port,
    url,
    folder,
    dataFolder,
    async admin() {
      const client = new Client(socketOf(folder, port, 'rapporteur'))
      client.on('error', () => {})
      await client.connect()
      return client
    },
    async stop() {
      await part.stop()
      process.off('exit', killIt)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function socketOf(host: string, port: number, database: string) {
  const { username, password } = new URL(postgresUrl(port, database))
  return { host, port, database, user: username, password, ssl: false }
}

async function ownedAs(model: string, folder: string): Promise<void> {
  const { uid, gid } = await stat(model)
  for (const name of await readdir(folder, { recursive: true })) await chown(join(folder, name), uid, gid)
  await chown(folder, uid, gid)
  await chmod(folder, 0o700)
}

export interface TestAuthority {
  /** PEM. */
  certificate: string
  /** A certificate and its key, for a server's names (`DNS:db.test,IP:127.0.0.1`) or a client's role. */
  issue(options: {
    name: string
    altNames?: string
    isExpired?: boolean
  }): Promise<{ certificate: string; key: string }>
}

/** An authority made by OpenSSL, in a folder of the test. */
export async function createAuthority(folder: string, name: string): Promise<TestAuthority> {
  const path = (file: string) => join(folder, `${name}-${file}`)
  const openssl = (...args: string[]) => run('openssl', args)
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '30',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    path('ca.key'),
    '-out',
    path('ca.pem'),
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  )
  let issued = 0
  return {
    certificate: await readFile(path('ca.pem'), 'utf8'),
    async issue({ name: subject, altNames, isExpired = false }) {
      const number = ++issued
      const [key, request, certificate, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) =>
        path(`${number}.${end}`),
      ) as [string, string, string, string]
      await openssl(
        'req',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-subj',
        `/CN=${subject}`,
        '-keyout',
        key,
        '-out',
        request,
      )
      await writeFile(extensions, altNames ? `subjectAltName=${altNames}\n` : 'basicConstraints=CA:FALSE\n')
      // A certificate of -1 day has ended yesterday.
      const days = isExpired ? '-1' : '30'
      await openssl(
        'x509',
        '-req',
        '-in',
        request,
        '-CA',
        path('ca.pem'),
        '-CAkey',
        path('ca.key'),
        '-CAcreateserial',
        '-days',
        days,
        '-extfile',
        extensions,
        '-out',
        certificate,
      )
      return { certificate: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') }
    },
  }
}
