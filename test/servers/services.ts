/**
 * Starts the real services once for a run of the integration tests, on free ports and in memory or a temporary
 * folder: PostgreSQL with a migrated template database, Temporal, S3 storage. Vitest's global setup of the
 * `integration` project; a test file gets its own database, namespace and bucket from the modules beside this.
 */

import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findProgram, storageProgram, temporalProgram, type FindOptions } from '#local/binaries.ts'
import { Part, type PartDefinition } from '#local/part.ts'
import { createDatabaseIfMissing, postgresPart, postgresUrl } from '#local/parts/postgres-part.ts'
import { storageAccess, storagePart, type StorageAccess } from '#local/parts/storage-part.ts'
import { temporalPart } from '#local/parts/temporal-part.ts'
import { freePort } from '#local/ports.ts'
import { rememberSupervisor, runningSupervisor, stopLeftovers } from '#local/run-files.ts'
import { projectFolder } from '#local/settings.ts'
import { runTask } from '#local/tasks.ts'
import { bundleWorkflows } from '#activities/workflow-bundle.ts'

export interface TestServices {
  postgresPort: number
  /** A migrated, empty database to copy. */
  templateDatabase: string
  temporalAddress: string
  /** The counters of that server, of all namespaces. */
  temporalMetricsUrl: string
  storage: StorageAccess
  /** Path of the workflows, bundled once for every worker. */
  workflowBundle: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    services: TestServices
  }
}

/** Folders of this name are cleared of what a killed run left. */
export const testFolderPrefix = 'rapporteur-test-'
const templateDatabase = 'template_migrated'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await stopWhatKilledRunsLeft()
  const work = await mkdtemp(join(tmpdir(), testFolderPrefix))
  // The account the database runs as, when this one is root, must be able to reach it.
  await chmod(work, 0o755)
  const folders = { run: join(work, 'run'), logs: join(work, 'logs') }
  for (const folder of Object.values(folders)) await mkdir(folder)
  rememberSupervisor(folders.run)

  const parts: Part[] = []
  const run = async (definition: PartDefinition) => {
    const part = new Part(definition, folders, say)
    parts.push(part)
    await part.start()
  }
  const stop = async () => {
    await Promise.all(parts.map(async (part) => await part.stop()))
    await rm(work, { recursive: true, force: true })
  }
  process.once('exit', () => parts.forEach((part) => part.kill()))

  const find: FindOptions = { localFolder: resolve(projectFolder, process.env.LOCAL_DIR || '.local'), say }
  try {
    const workflowBundle = join(work, 'workflows.js')
    const [postgresPort, temporalPort, storagePort] = [await freePort(), await freePort(), await freePort()]
    const metricsPort = await freePort()
    await Promise.all([
      (async () => {
        await run(await postgresPart({ folder: join(work, 'postgres'), port: postgresPort, durable: false }))
        await createDatabaseIfMissing(postgresPort, templateDatabase)
        await migrate(postgresUrl(postgresPort, templateDatabase))
      })(),
      (async () => {
        const program = await findProgram(temporalProgram, find)
        await run(temporalPart({ program, port: temporalPort, metricsPort }))
      })(),
      (async () => {
        const program = await findProgram(storageProgram, find)
        await run(await storagePart({ program, folder: join(work, 's3'), port: storagePort }))
      })(),
      (async () => {
        await writeFile(workflowBundle, (await bundleWorkflows()).code)
      })(),
    ])
    project.provide('services', {
      postgresPort,
      templateDatabase,
      temporalAddress: `127.0.0.1:${temporalPort}`,
      temporalMetricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
      storage: storageAccess(storagePort),
      workflowBundle,
    })
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

/** In a process of its own: the migration engine leaves a ten-second timer behind. */
export async function migrate(url: string): Promise<void> {
  await runTask({
    title: 'Migrations',
    file: join(projectFolder, 'prisma/migrate.ts'),
    env: { ...process.env, DATABASE_URL: url },
    cwd: projectFolder,
    say: () => undefined,
    signal: new AbortController().signal,
  })
}

/** A run that was killed could not stop its services. */
async function stopWhatKilledRunsLeft(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const work = join(tmpdir(), name)
    if (!name.startsWith(testFolderPrefix) || runningSupervisor(join(work, 'run')) !== null) continue
    await stopLeftovers(join(work, 'run'), say)
    await rm(work, { recursive: true, force: true })
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
