/** The whole product as real processes that can be ended and started again, and a mail server in this process. */

import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { randomInt } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Environment } from '#config/environment.ts'
import { createStorage, type Storage } from '#adapters/storage/storage.ts'
import { findProgram, storageProgram, temporalProgram } from '#local/binaries.ts'
import type { PartDefinition } from '#local/part.ts'
import { apiPart, workerPart } from '#local/parts/application-parts.ts'
import { createDatabaseIfMissing, postgresPart, postgresUrl } from '#local/parts/postgres-part.ts'
import { storagePart } from '#local/parts/storage-part.ts'
import { temporalPart } from '#local/parts/temporal-part.ts'
import { findBusyPort } from '#local/ports.ts'
import { forgetSupervisor, rememberSupervisor, runningSupervisor, stopLeftovers } from '#local/run-files.ts'
import { projectFolder, readLocalSettings } from '#local/settings.ts'
import { runTask } from '#local/tasks.ts'
import { bundleChangedWorkflows } from '#test/workflows/bundle-changed-workflows.ts'
import { startMailServer, type MailServer, type MailServerOptions } from '#test/servers/mail-server.ts'
import { startTcpGate, type TcpGate } from '#test/servers/tcp-gate.ts'
import { mailDomain } from './draw-reports.ts'
import { RestartablePart } from './restartable-part.ts'

export interface ChaosWorldOptions {
  workers: number
  /** Reception tickets: rows of the largest report. */
  demoRows: number
  /** Of the mail server. */
  mail?: MailServerOptions
  /** Keeps the folder with the logs and the data. */
  keep: boolean
  say: (line: string) => void
  signal: AbortSignal
}

export interface ChaosWorld {
  folder: string
  apiUrl: string
  /** Temporal's counters. */
  temporalMetricsUrl: string
  /** As the API and the workers have it. */
  environment: Environment
  /** The same, as its processes are given it. */
  env: NodeJS.ProcessEnv
  storage: Storage
  postgres: RestartablePart
  temporal: RestartablePart
  storageServer: RestartablePart
  api: RestartablePart
  workers: readonly RestartablePart[]
  /** One a worker: by how many milliseconds its clock is wrong. */
  clockFiles: readonly string[]
  /** Of the workflows of another release, see test/workflows/changed-workflows.ts. */
  changedBundle: string
  mail: MailServer
  /** In front of the mail server. */
  mailGate: TcpGate
  /** The messages of `Part`: parts that died without being ended. */
  unasked: readonly string[]
  stop(): Promise<void>
}

const folderPrefix = 'rapporteur-chaos-'
/** Variables of the machine that the parts need; the product's own are all set here. */
const inherited = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'XDG_CACHE_HOME',
  'TEMPORAL_CLI_PATH',
  'VERSITYGW_PATH',
]

export async function startChaosWorld(options: ChaosWorldOptions): Promise<ChaosWorld> {
  const { say, signal } = options
  await cleanUpKilledRuns(say)
  const folder = await mkdtemp(join(tmpdir(), folderPrefix))
  // The account the database runs as, when this one is root, must be able to reach it.
  await chmod(folder, 0o755)
  const folders = { run: join(folder, 'run'), logs: join(folder, 'logs') }
  for (const one of [...Object.values(folders), join(folder, 'temporal')]) await mkdir(one)
  rememberSupervisor(folders.run)

  const unasked: string[] = []
  const application: RestartablePart[] = []
  const foundation: RestartablePart[] = []
  const closers: (() => Promise<unknown>)[] = []
  const killAll = () => [...application, ...foundation].forEach((part) => part.kill())
  process.once('exit', killAll)
  const stop = async () => {
    await Promise.all(application.map((part) => part.stop()))
    await Promise.all(foundation.map((part) => part.stop()))
    for (const close of closers) await close()
    process.off('exit', killAll)
    // Without the pid file, the next run does not clear the folder as that of a killed run.
    forgetSupervisor(folders.run)
    if (options.keep) say(`Logs and data are kept in ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
  const run = async (definition: PartDefinition, group: RestartablePart[]) => {
    signal.throwIfAborted()
    const part = new RestartablePart(definition, folders, (text) => {
      unasked.push(`${new Date().toISOString()} ${text}`)
      say(text)
    })
    group.push(part)
    await part.start()
    return part
  }

  try {
    const mail = await startMailServer(options.mail)
    const mailGate = await startTcpGate({ host: '127.0.0.1', port: mail.port })
    closers.push(
      () => mailGate.close(),
      () => mail.close(),
    )
    const settings = readLocalSettings(await settingsFor(mail.url, mailGate.port))
    const { childEnvironment: env, environment } = settings
    const find = { localFolder: resolve(projectFolder, process.env.LOCAL_DIR || '.local'), say, signal }
    const task = (title: string, file: string, more: NodeJS.ProcessEnv = {}) =>
      runTask({
        title,
        file: join(projectFolder, file),
        env: { ...env, ...more },
        cwd: projectFolder,
        say,
        signal,
      })

    const [metricsPort = 0] = await findStablePorts(1)
    say('Starting PostgreSQL, Temporal and the storage')
    const [postgres, temporal, storageServer] = await settleAll([
      (async () => {
        const { postgresPort: port } = settings
        const part = await run(await postgresPart({ folder: join(folder, 'postgres'), port }), foundation)
        for (const name of ['rapporteur', 'demo']) await createDatabaseIfMissing(port, name)
        await task('Migrations', 'prisma/migrate.ts')
        await task('Demo accounts', 'demo/seed-accounts.ts')
        await task('Demo data', 'demo/data/seed.ts', {
          DEMO_DATABASE_URL: postgresUrl(port, 'demo'),
          DEMO_DATA_ROWS: String(options.demoRows),
        })
        return part
      })(),
      (async () => {
        const program = await findProgram(temporalProgram, find)
        const databaseFile = join(folder, 'temporal', 'temporal.db')
        const { temporalPort: port } = settings
        return run(temporalPart({ program, port, metricsPort, databaseFile }), foundation)
      })(),
      (async () => {
        const program = await findProgram(storageProgram, find)
        return run(
          await storagePart({ program, folder: join(folder, 's3'), port: settings.s3Port }),
          foundation,
        )
      })(),
    ])
    const storage = createStorage(environment)
    closers.push(() => Promise.resolve(storage.close()))
    await storage.ensureBucket()

    say(`Starting the API and ${options.workers} workers`)
    const numbers = Array.from({ length: options.workers }, (_, index) => index + 1)
    const clockFile = (number: number) => join(folder, `clock-of-worker-${number}`)
    await Promise.all(numbers.map((number) => writeFile(clockFile(number), '0')))
    const changedBundle = join(folder, 'changed-workflows.js')
    await writeFile(changedBundle, await bundleChangedWorkflows())
    const worker = (number: number): PartDefinition => {
      const definition = workerPart(number, { projectFolder, env, environment })
      return {
        ...definition,
        args: ['--import', join(projectFolder, 'test/processes/shifted-clock.ts'), ...definition.args],
        env: { ...definition.env, TEST_CLOCK_FILE: clockFile(number) },
      }
    }
    const [api, ...workers] = await settleAll([
      run(apiPart({ projectFolder, env, port: settings.port }), application),
      ...numbers.map((number) => run(worker(number), application)),
    ])
    if (!api) throw new Error('there is no API')
    return {
      folder,
      apiUrl: `http://127.0.0.1:${settings.port}`,
      temporalMetricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
      environment,
      env,
      storage,
      postgres,
      temporal,
      storageServer,
      api,
      workers,
      clockFiles: numbers.map(clockFile),
      changedBundle,
      mail,
      mailGate,
      unasked,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function settingsFor(mailUrl: string, gatePort: number): Promise<NodeJS.ProcessEnv> {
  const ports = await findStablePorts(4)
  const smtp = new URL(mailUrl)
  smtp.port = String(gatePort)
  return {
    ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
    NODE_ENV: 'development',
    PORT: String(ports[0]),
    LOCAL_POSTGRES_PORT: String(ports[1]),
    LOCAL_TEMPORAL_PORT: String(ports[2]),
    LOCAL_S3_PORT: String(ports[3]),
    SMTP_URL: smtp.href,
    // Shorter silences than RFC 5321 allows a server, for a run of minutes.
    SMTP_CONNECT_TIMEOUT_SECONDS: '10',
    SMTP_GREETING_TIMEOUT_SECONDS: '10',
    SMTP_SOCKET_TIMEOUT_SECONDS: '30',
    SMTP_ANSWER_TIMEOUT_SECONDS: '180',
    // Files of a middle size travel in mails, the large ones as links.
    MAIL_ATTACHMENT_LIMIT_BYTES: String(1024 * 1024),
    // Shorter waits after greylisting, for a run of minutes.
    MAIL_DEFERRED_WAITS_SECONDS: '5,10,20,40',
    ORGANISATION_DOMAINS: mailDomain,
    // Two people request everything, within minutes.
    RECIPIENTS_PER_HOUR: '1000000',
  }
}

/**
 * Free ports below those that the system gives to outgoing connections, so that no other process takes a part's port
 * by accident before its next start.
 */
async function findStablePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  while (found.size < count) {
    const port = randomInt(21_000, 31_000)
    if ((await findBusyPort([{ port, variable: '', title: '' }])) === null) found.add(port)
  }
  return [...found]
}

/** Waits for all, also when one fails: nothing may start after `stop`. */
async function settleAll<Work extends readonly Promise<unknown>[]>(
  work: readonly [...Work],
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

/** A run that was killed could not stop its parts. */
async function cleanUpKilledRuns(say: (line: string) => void): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const run = join(tmpdir(), name, 'run')
    if (!name.startsWith(folderPrefix) || !existsSync(join(run, 'supervisor.pid'))) continue
    if (runningSupervisor(run) !== null) continue
    await stopLeftovers(run, say)
    await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
}
