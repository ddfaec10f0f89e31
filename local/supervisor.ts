/**
 * Starts the parts in the order they need, side by side where they do not need each other:
 *
 *   PostgreSQL ─ migrations ─ demo accounts ┐
 *              └ demo data ─────────────────┤
 *   Temporal ───────────────────────────────┼─ API, workers
 *   storage ─ bucket ───────────────────────┤
 *   inbox ──────────────────────────────────┤
 *   web pages, workflows, when changed ─────┘
 *
 * and stops them in the reverse order.
 */

import { join } from 'node:path'
import { findProgram, storageProgram, temporalProgram } from './binaries.ts'
import { Part, type PartDefinition } from './part.ts'
import { apiPart, workerPart } from './parts/application-parts.ts'
import { inboxPart } from './parts/inbox-part.ts'
import { createDatabaseIfMissing, postgresPart, postgresUrl } from './parts/postgres-part.ts'
import { createBucketIfMissing, storageAccess, storagePart } from './parts/storage-part.ts'
import { temporalPart } from './parts/temporal-part.ts'
import { privateFolder } from './private-folder.ts'
import { metricsPorts, projectFolder, type LocalSettings } from './settings.ts'
import { runTask } from './tasks.ts'

const workflowsFile = join(projectFolder, 'dist', 'workflows.js')

export class Supervisor {
  #settings: LocalSettings
  #say: (text: string) => void
  #stopping = new AbortController()
  #stopped: Promise<void> | undefined
  /** What the API and the workers use. */
  #foundation: Part[] = []
  #application: Part[] = []

  constructor(settings: LocalSettings, say: (text: string) => void) {
    this.#settings = settings
    this.#say = say
  }

  /** Whether `stop` was called. */
  get isStopping(): boolean {
    return this.#stopped !== undefined
  }

  /** @throws when a part cannot be started; what did start is left running for `stop`. */
  async start(): Promise<void> {
    const { folder } = this.#settings
    for (const name of ['run', 'logs', 'temporal', 's3', 'inbox']) privateFolder(join(folder, name))
    await this.#all([
      this.#databases(),
      this.#temporal(),
      this.#storage(),
      this.#inbox(),
      this.#task('Web pages', 'web/build.ts', ['--if-changed']),
      this.#task('Workflows', 'activities/build-workflows.ts', [
        workflowsFile,
        '--if-changed',
        ...(this.#settings.environment.OTEL_EXPORTER_OTLP_ENDPOINT ? ['--traced'] : []),
      ]),
    ])
    this.#stopping.signal.throwIfAborted()

    const { port, workers, childEnvironment: env, environment } = this.#settings
    const workerEnv = { ...env, WORKFLOW_BUNDLE: env.WORKFLOW_BUNDLE || workflowsFile }
    const metrics = metricsPorts(this.#settings)
    const numbers = Array.from({ length: workers }, (_, index) => index + 1)
    await this.#all([
      this.#run(apiPart({ projectFolder, env, port }), this.#application, `http://localhost:${port}`),
      ...numbers.map(
        async (number) =>
          await this.#run(
            workerPart(number, {
              projectFolder,
              env: { ...workerEnv, METRICS_PORT: metrics[number]?.toString() },
              environment,
            }),
            this.#application,
          ),
      ),
    ])
  }

  /** Ends every part, the application before what it uses. A second call waits for the first. */
  async stop(): Promise<void> {
    this.#stopped ??= (async () => {
      this.#stopping.abort(new Error('The start was interrupted.'))
      await Promise.all(this.#application.map(async (part) => await part.stop()))
      await Promise.all(this.#foundation.map(async (part) => await part.stop()))
    })()
    await this.#stopped
  }

  kill(): void {
    for (const part of [...this.#application, ...this.#foundation]) part.kill()
  }

  async #databases(): Promise<void> {
    const { folder, postgresPort, embedded, environment } = this.#settings
    if (embedded.postgres) {
      const definition = await postgresPart({ folder: join(folder, 'postgres'), port: postgresPort })
      await this.#run(definition, this.#foundation, `127.0.0.1:${postgresPort}`)
      for (const name of ['rapporteur', 'demo']) await createDatabaseIfMissing(postgresPort, name)
    }
    const isProduction = environment.NODE_ENV === 'production'
    const prepare = async () => {
      await this.#task('Migrations', 'prisma/migrate.ts')
      if (!isProduction) await this.#task('Demo accounts', 'demo/seed-accounts.ts')
    }
    const seed = () =>
      this.#task('Demo data', 'demo/data/seed.ts', [], {
        DEMO_DATABASE_URL: postgresUrl(postgresPort, 'demo'),
      })
    await this.#all([prepare(), embedded.demoData && !isProduction ? seed() : undefined])
  }

  async #task(title: string, file: string, args: string[] = [], more: NodeJS.ProcessEnv = {}): Promise<void> {
    const { signal } = this.#stopping
    const env = { ...this.#settings.childEnvironment, ...more }
    const cwd = projectFolder
    await runTask({ title, file: join(cwd, file), args, env, cwd, say: this.#say, signal })
  }

  async #temporal(): Promise<void> {
    const { folder, temporalPort, temporalUiPort, embedded, environment } = this.#settings
    if (!embedded.temporal) return
    const program = await findProgram(temporalProgram, this.#findOptions())
    const definition = temporalPart({
      program,
      port: temporalPort,
      uiPort: temporalUiPort,
      databaseFile: join(folder, 'temporal', 'temporal.db'),
      namespaces: [environment.TEMPORAL_NAMESPACE],
    })
    await this.#run(
      definition,
      this.#foundation,
      `127.0.0.1:${temporalPort}, Web http://localhost:${temporalUiPort}`,
    )
  }

  async #storage(): Promise<void> {
    const { folder, s3Port, embedded, environment } = this.#settings
    if (!embedded.storage) return
    const program = await findProgram(storageProgram, this.#findOptions())
    const definition = await storagePart({ program, folder: join(folder, 's3'), port: s3Port })
    await this.#run(definition, this.#foundation, `http://127.0.0.1:${s3Port}`)
    await createBucketIfMissing(storageAccess(s3Port), environment.S3_BUCKET)
  }

  async #inbox(): Promise<void> {
    const { folder, smtpPort, inboxPort, embedded } = this.#settings
    if (!embedded.inbox) return
    const definition = inboxPart({ smtpPort, webPort: inboxPort, folder: join(folder, 'inbox') })
    await this.#run(
      definition,
      this.#foundation,
      `SMTP 127.0.0.1:${smtpPort}, page http://127.0.0.1:${inboxPort}`,
    )
  }

  async #run(definition: PartDefinition, group: Part[], address = ''): Promise<void> {
    this.#stopping.signal.throwIfAborted()
    const { folder } = this.#settings
    const part = new Part(definition, { run: join(folder, 'run'), logs: join(folder, 'logs') }, this.#say)
    group.push(part)
    const started = Date.now()
    await part.start()
    const took = ((Date.now() - started) / 1000).toFixed(1)
    this.#say(`${definition.title} is ready (${took} s)${address ? `: ${address}` : ''}`)
  }

  /**
   * Waits for all, the others included when one fails: nothing may start after `stop`. The first failure aborts
   * what can be aborted, and is the one that is reported.
   */
  async #all(work: (Promise<void> | undefined)[]): Promise<void> {
    const failures: unknown[] = []
    await Promise.all(
      work.map(async (one) => {
        try {
          await one
        } catch (error) {
          failures.push(error)
          this.#stopping.abort(error)
        }
      }),
    )
    if (failures.length > 0) throw failures[0]
  }

  #findOptions() {
    return { localFolder: this.#settings.folder, say: this.#say, signal: this.#stopping.signal }
  }
}
