/**
 * For outage tests: an engine or a database of its own, to be stopped and started as an operator does, and a worker in
 * a process of its own. The other services come from test/servers/services.ts.
 */

import { randomUUID } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { readEnvironment, type Environment } from '#config/environment.ts'
import { createLogger } from '#config/logger.ts'
import { scheduleIdFor } from '#contract/names.ts'
import { createEngine } from '#services/create-engine.ts'
import { createTemporalClient } from '#services/temporal/data-converter.ts'
import { lazyTemporalConnection, temporalConnectionOptions } from '#services/temporal/temporal-connection.ts'
import { findProgram, temporalProgram } from '#local/binaries.ts'
import { Part, type PartDefinition } from '#local/part.ts'
import { workerPart } from '#local/parts/application-parts.ts'
import { createDatabaseIfMissing, postgresPart, postgresUrl } from '#local/parts/postgres-part.ts'
import { temporalPart } from '#local/parts/temporal-part.ts'
import { freePort } from '#local/ports.ts'
import { forgetSupervisor, rememberSupervisor } from '#local/run-files.ts'
import { projectFolder } from '#local/settings.ts'
import { createPrisma } from '#prisma/client.ts'
import type { Prisma } from '#prisma/client/client.ts'
import { loadCatalogue } from '#catalogue/load-catalogue.ts'
import { createTestBucket } from '../servers/bucket.ts'
import { createTestDatabase, demoDatabaseUrl } from '../servers/database.ts'
import { startMailServer } from '../servers/mail-server.ts'
import { scheduledReportRow } from './scheduled-report-row.ts'
import { migrate, testFolderPrefix } from '../servers/services.ts'
import { createTestNamespace } from '../servers/temporal-namespace.ts'

export type OutagePart = 'engine' | 'worker' | 'database'

export async function createOutageWorld(lost: OutagePart) {
  const work = await mkdtemp(join(tmpdir(), testFolderPrefix))
  // The account the database runs as, when this one is root, must be able to reach it.
  await chmod(work, 0o755)
  const folders = { run: join(work, 'run'), logs: join(work, 'logs') }
  for (const folder of Object.values(folders)) await mkdir(folder)
  // If this run is killed, the next one stops what it left.
  rememberSupervisor(folders.run)
  const definitions = new Map<OutagePart, PartDefinition>()
  const running = new Map<OutagePart, Part>()
  const mail = await startMailServer()

  const database = lost === 'database' ? await ownDatabase() : await createTestDatabase()
  const temporal = lost === 'engine' ? await ownEngine() : await createTestNamespace()
  const variables = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    MISSED_AFTER_MINUTES: '1',
    DATABASE_URL: database.url,
    SOURCE_DATABASE_URL: await demoDatabaseUrl(),
    SMTP_URL: mail.url,
    WORKFLOW_BUNDLE: inject('services').workflowBundle,
    ...(await createTestBucket()),
    ...temporal,
  }
  const environment = readEnvironment(variables)
  definitions.set('worker', workerOf(environment, variables))
  await start('worker')

  const prisma = createPrisma(environment.DATABASE_URL)
  const connection = lazyTemporalConnection(temporalConnectionOptions(environment))
  const client = createTemporalClient(connection, environment)
  const engine = createEngine({
    prisma,
    connection,
    temporal: client,
    temporalWebUrl: environment.TEMPORAL_WEB_URL,
    catalogue: await loadCatalogue({ builtIn: true }),
    spreadMinutes: 0,
    missedAfterMinutes: 1,
    logger: createLogger('test'),
  })
  const owner = await prisma.user.create({
    data: { id: randomUUID(), email: 'proprietaire@ville.test', name: 'Inès Durand', role: 'admin' },
  })

  return { mail, prisma, engine, define, start, stop, stopAll }

  /** A scheduled report in UTC with its Schedule. */
  async function define(definition: Partial<Prisma.ScheduledReportUncheckedCreateInput>): Promise<string> {
    const data = scheduledReportRow(owner.id, { frequency: 'custom', timeZone: 'UTC', ...definition })
    const { id } = await prisma.scheduledReport.create({ data })
    if (!(await engine.applySchedule(id))) throw new Error('The Schedule was not applied')
    // Answered once the engine looks after it: an engine that is stopped before would begin with its next start, and
    // what was due until then is the reconciler's to find, minutes later.
    await client.schedule.getHandle(scheduleIdFor(id)).describe()
    return id
  }

  async function start(name: OutagePart): Promise<void> {
    const definition = definitions.get(name)
    if (!definition) throw new Error(`No ${name} of its own`)
    const part = new Part(definition, folders, (text) => process.stderr.write(`${text}\n`))
    running.set(name, part)
    await part.start()
  }

  async function stop(name: OutagePart): Promise<void> {
    await running.get(name)?.stop()
    running.delete(name)
  }

  async function stopAll(): Promise<void> {
    await stop('worker')
    await engine.close()
    await prisma.$disconnect()
    for (const part of running.values()) await part.stop()
    await mail.close()
    forgetSupervisor(folders.run)
    await rm(work, { recursive: true, force: true })
  }

  async function ownEngine() {
    const port = await freePort()
    const program = await findProgram(temporalProgram, { localFolder: work, say: () => undefined })
    definitions.set('engine', temporalPart({ program, port, databaseFile: join(work, 'temporal.db') }))
    await start('engine')
    return { TEMPORAL_ADDRESS: `127.0.0.1:${port}`, TEMPORAL_NAMESPACE: 'default' }
  }

  async function ownDatabase() {
    const port = await freePort()
    definitions.set('database', await postgresPart({ folder: join(work, 'postgres'), port, durable: false }))
    await start('database')
    const url = postgresUrl(port, 'rapporteur')
    await createDatabaseIfMissing(port, 'rapporteur')
    await migrate(url)
    return { url }
  }
}

export type OutageWorld = Awaited<ReturnType<typeof createOutageWorld>>

function workerOf(environment: Environment, variables: NodeJS.ProcessEnv): PartDefinition {
  return workerPart(1, { projectFolder, env: { ...process.env, ...variables }, environment })
}
