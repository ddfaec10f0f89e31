import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker, type WorkerDeploymentOptions } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, inject, it, type TestContext } from 'vitest'
import { workflowBundle, type NamedBundle } from '#activities/workflow-bundle.ts'
import { createLogger } from '#config/logger.ts'
import { taskQueues, workflowTypes } from '#contract/names.ts'
import { eventually } from '#test/eventually.ts'
import { startWorkerProcess } from '#test/processes/worker-process.ts'
import { createAuthority } from '#test/servers/private-postgres.ts'
import { startStrictTemporal } from '#test/servers/strict-temporal.ts'
import { createTestNamespace, type TestNamespace } from '#test/servers/temporal-namespace.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { createTemporalClient } from './data-converter.ts'
import { deploymentName, TaskRouting } from './task-routing.ts'

let bundle: NamedBundle
let native: NativeConnection
let connection: Connection

beforeAll(async () => {
  bundle = await workflowBundle({ WORKFLOW_BUNDLE: inject('services').workflowBundle, PAYLOAD_KEYS: [] })
  native = await NativeConnection.connect({ address: inject('services').temporalAddress })
  connection = await Connection.connect({ address: inject('services').temporalAddress })
})
afterAll(async () => {
  await native.close()
  await connection.close()
})

/** How long the workers of a build must be silent to count as gone, where a test lets them end. */
const silentAfterMs = 1_000
/** Longer than a task takes to a worker that gets some. */
const unseenMs = 1_000

class Fleet {
  /** Builds whose workers ran a sweep, oldest first. */
  readonly swept: string[] = []
  readonly #namespace: TestNamespace
  readonly #temporal: Client
  readonly #onTestFinished: TestContext['onTestFinished']

  private constructor(namespace: TestNamespace, { onTestFinished }: TestContext) {
    this.#namespace = namespace
    this.#onTestFinished = onTestFinished
    const settings = { ...namespace, PAYLOAD_KEYS: [] }
    this.#temporal = createTemporalClient(connection, settings)
  }

  static async create(test: TestContext): Promise<Fleet> {
    return new Fleet(await createTestNamespace(), test)
  }

  /** @returns ends it. */
  async start(build: string, isVersioned = true): Promise<() => Promise<void>> {
    const version = { deploymentName, buildId: build }
    const workerDeploymentOptions: WorkerDeploymentOptions = isVersioned
      ? { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' }
      : { version, useWorkerVersioning: false }
    const workers = await Promise.all(
      Object.values(taskQueues).map((taskQueue) =>
        Worker.create({
          connection: native,
          namespace: this.#namespace.TEMPORAL_NAMESPACE,
          taskQueue,
          workerDeploymentOptions,
          activities: { sweepReports: async () => void this.swept.push(build) },
          ...(taskQueue === taskQueues.reports ? { workflowBundle: bundle } : {}),
        }),
      ),
    )
    const running = workers.map((worker) => worker.run())
    const end = async () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
      await Promise.all(running)
    }
    this.#onTestFinished(end)
    return end
  }

  routing(
    build: string,
    { isVersioned = true, silentAfterMs }: { isVersioned?: boolean; silentAfterMs?: number } = {},
  ): Promise<TaskRouting> {
    const logger = createLogger('test', 'silent')
    return TaskRouting.open({ temporal: this.#temporal, buildId: build, logger, silentAfterMs }, isVersioned)
  }

  /** @returns the build that swept. */
  async sweep(): Promise<string | undefined> {
    await (await this.begin()).result()
    return this.swept.at(-1)
  }

  begin() {
    const taskQueue = taskQueues.reports
    return this.#temporal.workflow.start(workflowTypes.sweep, { taskQueue, workflowId: randomUUID() })
  }
}

const isHere = (routed: string) => routed === 'here'
const stop = AbortSignal.timeout(60_000)

describe.concurrent('tasks of a fleet', { timeout: 120_000 }, () => {
  it('tasks wait for a first build until it claims them, then come', async (test) => {
    const fleet = await Fleet.create(test)
    await fleet.start('first')
    const sweep = await fleet.begin()
    await delay(unseenMs)
    expect(fleet.swept).toEqual([])
    await (await fleet.routing('first')).settle(stop)
    await sweep.result()
    expect(fleet.swept).toEqual(['first'])
  })

  it('a new build takes the tasks of one that still polls, one that was current before does not', async (test) => {
    const fleet = await Fleet.create(test)
    const endOld = await fleet.start('old')
    const old = await fleet.routing('old')
    await old.settle(stop)
    expect(await fleet.sweep()).toBe('old')
    await fleet.start('new')
    await (await fleet.routing('new')).settle(stop)
    expect(await fleet.sweep()).toBe('new')
    // A worker of the old build that is started once more in the middle of a deploy.
    await endOld()
    await fleet.start('old')
    expect(await (await fleet.routing('old')).claim()).toBe('elsewhere')
    expect(await old.claim()).toBe('elsewhere')
    expect(await fleet.sweep()).toBe('new')
  })

  it('an earlier build takes them back once no worker of the later one is left', async (test) => {
    const fleet = await Fleet.create(test)
    const endOld = await fleet.start('old')
    await (await fleet.routing('old')).settle(stop)
    const endNew = await fleet.start('new')
    await (await fleet.routing('new')).settle(stop)
    await endOld()
    await endNew()
    await delay(2 * silentAfterMs)
    await fleet.start('old')
    const rolledBack = await fleet.routing('old', { silentAfterMs })
    await eventually(() => rolledBack.claim(), isHere)
    expect(await fleet.sweep()).toBe('old')
  })

  it('workers without versioning get the tasks back when it is turned off, and give them to the first build', async (test) => {
    const fleet = await Fleet.create(test)
    const endPlain = await fleet.start('plain', false)
    const plain = await fleet.routing('plain', { isVersioned: false })
    expect(await plain.claim()).toBe('here')
    expect(await fleet.sweep()).toBe('plain')

    const endFirst = await fleet.start('first')
    await (await fleet.routing('first')).settle(stop)
    // The server hears of each queue's worker a moment later.
    await eventually(
      () => fleet.sweep(),
      (build) => build === 'first',
    )
    expect(await plain.claim()).toBe('elsewhere')

    await endPlain()
    await endFirst()
    await delay(2 * silentAfterMs)
    await fleet.start('plain', false)
    const plainAgain = await fleet.routing('plain', { isVersioned: false, silentAfterMs })
    await eventually(() => plainAgain.claim(), isHere)
    expect(await fleet.sweep()).toBe('plain')
  })

  it('a cluster that lets no client route gets workers without versioning, which say why', async ({
    onTestFinished,
  }) => {
    const folder = await mkdtemp(join(tmpdir(), 'routing-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const namespace = await createTestNamespace()
    const authority = await createAuthority(folder, 'cloud')
    const strict = await startStrictTemporal(namespace.TEMPORAL_ADDRESS, authority, {
      apiKey: 'a-key',
      refuses: /SetWorkerDeploymentCurrentVersion$/,
    })
    onTestFinished(() => strict.close())
    const ca = join(folder, 'ca.pem')
    await writeFile(ca, authority.certificate)
    const world = await ReportWorld.create({ ...namespace })
    onTestFinished(() => world.close())
    const worker = await startWorkerProcess({
      ...world.variables,
      TEMPORAL_ADDRESS: strict.address,
      TEMPORAL_TLS_CA_FILE: ca,
      TEMPORAL_API_KEY: 'a-key',
      WORKER_VERSIONING: 'true',
    })
    onTestFinished(async () => void (await worker.end('SIGKILL')))
    expect(worker.output()).toContain('does not let this client route tasks by build')
    const { number } = await world.request()
    await world.rowBecomes(number, ({ status }) => status === 'completed')
  })
})
