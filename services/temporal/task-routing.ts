/**
 * Which workers Temporal gives tasks to: those of the deployment's current build, or those without versioning where none
 * is current. All others poll, get nothing and are not told: each worker sees to it that tasks come to somebody.
 */

import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { optionalTsToMs } from '@temporalio/common/lib/time.js'
import proto from '@temporalio/proto'
import type { Logger } from '#config/logger.ts'
import { taskQueues } from '#contract/names.ts'
import { grpcStatus, grpcStatusOf } from './grpc-status.ts'
import { describeQueue } from './worker-polls.ts'

const { WorkerVersioningMode } = proto.temporal.api.enums.v1
type Timestamp = proto.google.protobuf.ITimestamp | null | undefined

/** Of the one Worker Deployment of a namespace, which has one installation. */
export const deploymentName = 'rapporteur'

/** A worker is heard from every minute, when a poll without a task ends; the server lists it for five. */
const silentAfterMs = 90_000
const pendingPollMs = 500
const pendingTriesUntilSaid = 60
const unversioned = 'workers without a version'

/** `pending`: the server does not know this build's workers yet. */
export type Routed = 'here' | 'elsewhere' | 'pending'

export interface TaskRoutingOptions {
  temporal: Client
  buildId: string
  logger: Logger
  silentAfterMs?: number
}

export class TaskRouting {
  /** Whether this process's workers poll as a build; else they only name it. */
  readonly isVersioned: boolean
  readonly #options: TaskRoutingOptions
  readonly #mayRoute: boolean
  #said = ''

  private constructor(options: TaskRoutingOptions, isVersioned: boolean, mayRoute: boolean) {
    this.#options = options
    this.isVersioned = isVersioned
    this.#mayRoute = mayRoute
  }

  /** @param isWanted what WORKER_VERSIONING says; a server that knows no versions, or lets nobody route, is said. */
  static async open(options: TaskRoutingOptions, isWanted: boolean): Promise<TaskRouting> {
    if (!isWanted) return new TaskRouting(options, false, true)
    const { temporal, logger } = options
    const refusal = await refusalOfRouting(temporal)
    if (refusal === null) return new TaskRouting(options, true, true)
    const { current } = await pollersOf(temporal)
    if (current === null)
      logger.warn(
        { refusal },
        'Temporal does not let this client route tasks by build: run without versioning',
      )
    return new TaskRouting(options, current !== null, false)
  }

  /** Routes tasks here, if they are to come here. Only after the workers began to poll. */
  async claim(): Promise<Routed> {
    const own = this.isVersioned ? this.#options.buildId : null
    const { current, latest } = await pollersOf(this.#options.temporal)
    if (current === own) return this.#say('here', current)
    if (!this.#mayRoute) return this.#say('elsewhere', current)
    const standing = own === null ? null : await this.#standing(own, current)
    if (standing === 'unknown') return 'pending'
    // A build that was current before may be a straggler of a deploy, or a rollback: it waits until nobody else is left.
    if (standing !== 'new' && this.#isHeard(latest, current)) return this.#say('elsewhere', current)
    const set = await setCurrent(this.#options.temporal, own)
    if (set === 'done') return this.#say('here', own)
    return set === 'not yet' ? 'pending' : this.#say('elsewhere', current)
  }

  /** Claims until the server knows this build. */
  async settle(stop: AbortSignal): Promise<void> {
    for (let tries = 1; !stop.aborted && (await this.claim()) === 'pending'; tries++) {
      if (tries % pendingTriesUntilSaid === 0)
        this.#options.logger.warn(
          { buildId: this.#options.buildId, remedy: this.#remedy },
          'Temporal does not take this build as the current one: tasks go to other workers, if there are any',
        )
      await delay(pendingPollMs, undefined, { signal: stop }).catch(() => undefined)
    }
  }

  /** `new`: never current, and first seen after the current one. */
  async #standing(own: string, current: string | null): Promise<'new' | 'known' | 'unknown'> {
    const builds = await buildsOf(this.#options.temporal)
    const mine = builds.get(own)
    if (!mine) return 'unknown'
    const seenOfCurrent = (current === null ? undefined : builds.get(current))?.seenAt ?? 0
    return !mine.wasCurrent && mine.seenAt >= seenOfCurrent ? 'new' : 'known'
  }

  /** Compared with the latest poll of anyone, since this process's clock may be wrong: its own workers poll too. */
  #isHeard(latest: ReadonlyMap<string | null, number>, current: string | null): boolean {
    const { silentAfterMs: limit = silentAfterMs } = this.#options
    return (latest.get(current) ?? 0) > Math.max(...latest.values()) - limit
  }

  #say(routed: Routed, current: string | null): Routed {
    const said = `${routed} ${current}`
    if (said === this.#said) return routed
    this.#said = said
    const { buildId, logger } = this.#options
    const about = { buildId, current: current ?? unversioned }
    if (routed === 'here') logger.info(about, 'tasks come to this build')
    else logger.warn({ ...about, remedy: this.#remedy }, 'tasks go to other workers: this one gets none')
    return routed
  }

  get #remedy(): string {
    const build = this.isVersioned ? `--build-id ${this.#options.buildId}` : '--unversioned'
    const { namespace } = this.#options.temporal.options
    return `temporal worker deployment set-current-version --namespace ${namespace} --deployment-name ${deploymentName} ${build}`
  }
}

/** The build that tasks go to, null for workers without one; and when each build's workers were last heard from. */
async function pollersOf(
  temporal: Client,
): Promise<{ current: string | null; latest: Map<string | null, number> }> {
  const latest = new Map<string | null, number>()
  let current: string | null = null
  for (const queue of Object.values(taskQueues)) {
    const isReports = queue === taskQueues.reports
    const kind = isReports ? 'workflow' : 'activity'
    const answer = await describeQueue(temporal, { queue, kind }).catch((error: unknown) => {
      // Who may not ask is not told: work goes on.
      if (isRefusal(error)) return { pollers: [], versioningInfo: null }
      throw error
    })
    if (isReports) current = answer.versioningInfo?.currentDeploymentVersion?.buildId ?? null
    for (const { deploymentOptions, lastAccessTime } of answer.pollers ?? []) {
      const isVersioned =
        deploymentOptions?.workerVersioningMode === WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED
      const build = (isVersioned && deploymentOptions.buildId) || null
      latest.set(build, Math.max(latest.get(build) ?? 0, msOf(lastAccessTime)))
    }
  }
  return { current, latest }
}

async function buildsOf(temporal: Client): Promise<Map<string, { seenAt: number; wasCurrent: boolean }>> {
  const { namespace } = temporal.options
  const { workerDeploymentInfo } = await temporal.workflowService
    .describeWorkerDeployment({ namespace, deploymentName })
    .catch((error: unknown) => {
      if (grpcStatusOf(error) === grpcStatus.notFound) return { workerDeploymentInfo: null }
      throw error
    })
  return new Map(
    workerDeploymentInfo?.versionSummaries?.map(({ deploymentVersion, createTime, firstActivationTime }) => [
      deploymentVersion?.buildId ?? '',
      { seenAt: msOf(createTime), wasCurrent: msOf(firstActivationTime) > 0 },
    ]),
  )
}

/**
 * `not yet`: the server has not heard of all its workers, or somebody else was faster.
 * @returns why, where this client may not.
 */
async function setCurrent(
  temporal: Client,
  build: string | null,
): Promise<'done' | 'not yet' | { refusal: string }> {
  const { namespace, identity } = temporal.options
  try {
    const request = { namespace, deploymentName, buildId: build ?? '', identity }
    await temporal.workflowService.setWorkerDeploymentCurrentVersion(request)
    return 'done'
  } catch (error) {
    const code = grpcStatusOf(error)
    if (isRefusal(error)) return { refusal: (error as Error).message }
    if (code === grpcStatus.notFound || code === grpcStatus.failedPrecondition || code === grpcStatus.aborted)
      return 'not yet'
    throw error
  }
}

/** Why tasks may not be routed by this client; null when they may. Asked with a build that there cannot be. */
async function refusalOfRouting(temporal: Client): Promise<string | null> {
  const set = await setCurrent(temporal, 'a build that does not exist')
  return typeof set === 'object' ? set.refusal : null
}

function isRefusal(error: unknown): boolean {
  const code = grpcStatusOf(error)
  return code === grpcStatus.permissionDenied || code === grpcStatus.unimplemented
}

function msOf(time: Timestamp): number {
  return optionalTsToMs(time) ?? 0
}
