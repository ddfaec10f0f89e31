/** Temporal: reached, whose the namespace is, whether it has what is needed, and whether anybody works there. */

import { isGrpcServiceError, ScheduleNotFoundError, type Client, type Connection } from '@temporalio/client'
import { tsToMs } from '@temporalio/common/lib/time.js'
import type { Environment } from '#config/environment.ts'
import { maintenanceSchedules } from '#contract/names.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { aheadOfEngine, toldAboveMs } from '../clock/clocks.ts'
import { compareClocks, stopsAboveMs } from '../clock/compare-clocks.ts'
import {
  ForeignNamespaceError,
  readInstallation,
  refuseForeignNamespace,
} from '../maintenance/installation.ts'
import { readFaults } from '../maintenance/installation-faults.ts'
import { createTemporalClient } from '../temporal/data-converter.ts'
import { grpcStatus } from '../temporal/grpc-status.ts'
import {
  howToRegister,
  learnAttributes,
  missingAttributes,
  retentionDays,
} from '../temporal/namespace-attributes.ts'
import { lazyTemporalConnection, temporalConnectionOptions } from '../temporal/temporal-connection.ts'
import { describeQueue, polledQueues, type PolledQueue } from '../temporal/worker-polls.ts'
import { findingsOf, wordsOf, type Finding } from './finding.ts'

/** A question that a busy server does not answer in its own time is asked again. */
const deadlineMs = 4_000
const maxAttempts = 4
/** A waiting poll is renewed every minute; Temporal names pollers of the last five. */
const aliveWithinMs = 90_000
/** The sweep runs each minute. */
const sweepLateMs = 5 * 60_000

const temporalPart = findingsOf('temporal')
const workersPart = findingsOf('workers')
const clockPart = findingsOf('clock')

/** @param prisma of a database that answers; null leaves out what needs it. */
export async function checkTemporal(
  environment: Environment,
  prisma: PrismaClient | null,
): Promise<Finding[]> {
  let connection: Connection
  try {
    connection = lazyTemporalConnection(temporalConnectionOptions(environment))
  } catch (error) {
    const remedy = 'Correct TEMPORAL_TLS_CA_FILE, TEMPORAL_TLS_CERT_FILE or TEMPORAL_TLS_KEY_FILE'
    return [temporalPart.fault('temporal_tls', `A file for TLS cannot be read: ${wordsOf(error)}`, remedy)]
  }
  const temporal = createTemporalClient(connection, environment)
  const inTime = <T>(work: () => Promise<T>) => askAgain(connection, work)
  try {
    const server = await connection.withDeadline(Date.now() + deadlineMs, () =>
      checkServer(environment, connection),
    )
    if (server.some(({ state }) => state === 'fault')) return server
    const attributes = await inTime(() => checkAttributes(temporal, connection))
    const owner = prisma ? await inTime(() => checkOwner(environment, temporal, prisma)) : []
    // With a deadline of its own, since it polls.
    const clock = prisma ? await checkClocks(temporal, prisma) : []
    const workers = await checkWorkers(temporal, inTime)
    return [...server, ...attributes, ...owner, ...clock, ...workers, ...(await reported(prisma))]
  } catch (error) {
    return [refusal(environment, error)]
  } finally {
    await connection.close()
  }
}

async function askAgain<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connection.withDeadline(Date.now() + deadlineMs, work)
    } catch (error) {
      const isLate = answerIn(error)?.code === grpcStatus.deadlineExceeded
      if (!isLate || attempt === maxAttempts) throw error
    }
  }
}

/** What the server said; clients of Schedules wrap it. */
function answerIn(error: unknown) {
  if (isGrpcServiceError(error)) return error
  return error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : undefined
}

async function checkServer(
  { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: namespace }: Environment,
  connection: Connection,
): Promise<Finding[]> {
  const { serverVersion } = await connection.workflowService.getSystemInfo({})
  const days = await retentionDays(connection, namespace)
  const words = `${TEMPORAL_ADDRESS}, namespace "${namespace}" (keeps ${days} days), Temporal ${serverVersion}`
  return [temporalPart.ok(words)]
}

function refusal(environment: Environment, error: unknown): Finding {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = environment
  const answer = answerIn(error)
  const code = answer?.code
  const words = answer ? answer.details || answer.message : wordsOf(error)
  if (code === grpcStatus.notFound) {
    return temporalPart.fault(
      'temporal_namespace_missing',
      `${address} has no namespace "${namespace}"`,
      `temporal operator namespace create --namespace ${namespace} --retention 7d, or correct TEMPORAL_NAMESPACE`,
    )
  }
  if (code === grpcStatus.permissionDenied || code === grpcStatus.unauthenticated) {
    return temporalPart.fault(
      'temporal_refused',
      `${address} does not let this client in: ${words}`,
      'Correct TEMPORAL_API_KEY or the client certificate, or give it the right to this namespace',
    )
  }
  return temporalPart.fault(
    'temporal_away',
    `${address} cannot be reached: ${words}`,
    'Start Temporal, or correct TEMPORAL_ADDRESS (and TEMPORAL_TLS): meanwhile reports wait in the queue',
  )
}

async function checkAttributes(temporal: Client, connection: Connection): Promise<Finding[]> {
  await learnAttributes(temporal, connection)
  const missing = [...missingAttributes(temporal)]
  if (missing.length === 0) return []
  return [
    temporalPart.warning(
      'temporal_attributes_missing',
      `The namespace lacks the search attributes ${missing.join(', ')}: Temporal Web cannot filter by them`,
      `A worker that may registers them when it starts; otherwise: ${howToRegister(temporal)}`,
    ),
  ]
}

async function checkOwner(
  environment: Environment,
  temporal: Client,
  prisma: PrismaClient,
): Promise<Finding[]> {
  try {
    await refuseForeignNamespace(temporal, await readInstallation(prisma, environment))
    return []
  } catch (error) {
    if (!(error instanceof ForeignNamespaceError)) throw error
    const [says = '', ...remedy] = error.message.split('\n')
    return [temporalPart.fault('temporal_namespace_foreign', says, remedy.join(' '))]
  }
}

async function checkClocks(temporal: Client, prisma: PrismaClient): Promise<Finding[]> {
  const { offMs, differences } = await compareClocks({ prisma, temporal }, "this machine's clock")
  if (differences === null) {
    return [clockPart.ok(`agrees with the database's within ${toldAboveMs / 1000} s`)]
  }
  const remedy =
    offMs > 0
      ? 'Synchronise this machine (timedatectl set-ntp true, or the host’s of a container): a worker here takes no work ' +
        'beyond 60 s, and links and sign-ins end too early or too late'
      : 'Synchronise the machines of PostgreSQL and Temporal (NTP): what is due follows their clocks'
  return [clockPart[offMs > stopsAboveMs ? 'fault' : 'warning']('clock_off', differences, remedy)]
}

async function checkWorkers(
  temporal: Client,
  inTime: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<Finding[]> {
  const now = Date.now() - (await aheadOfEngine(temporal))
  const alive = await inTime(() => Promise.all(polledQueues.map((one) => pollersOf(temporal, one, now))))
  const workers = new Set(alive.flat())
  const start =
    'Start one: the image’s command `worker`, or node activities/worker.ts; its log says why it ended'
  if (workers.size === 0) {
    const words = 'No worker has asked for work in the last 90 s: reports stay queued'
    return [workersPart.fault('no_worker', words, start)]
  }
  const deserted = polledQueues.filter((_one, index) => alive[index]?.length === 0).map(({ queue }) => queue)
  const found = [
    workersPart.ok(`${workers.size} asked for work in the last 90 s: ${[...workers].sort().join(', ')}`),
    ...[...new Set(deserted)].map((queue) =>
      workersPart.fault('no_worker', `No worker takes tasks of the queue "${queue}"`, start),
    ),
  ]
  const sweptAt = await inTime(() => lastSweep(temporal))
  if (sweptAt === 'none') return found
  const minutes = sweptAt === null ? null : Math.round((now - sweptAt.getTime()) / 60_000)
  if (sweptAt !== null && now - sweptAt.getTime() < sweepLateMs) return found
  return [
    ...found,
    workersPart.fault(
      'sweep_late',
      minutes === null
        ? 'The sweep’s Schedule is missing, and with it the reconciler’s'
        : `The sweep, due every minute, ran last ${minutes} minutes ago`,
      `temporal schedule trigger --schedule-id ${maintenanceSchedules.sweep}; is it paused in Temporal Web? A worker makes a missing one anew within a minute`,
    ),
  ]
}

/** Who has asked for tasks lately, by identity: `pid@host`. */
async function pollersOf(temporal: Client, polled: PolledQueue, now: number): Promise<string[]> {
  const { pollers } = await describeQueue(temporal, polled)
  return (pollers ?? [])
    .filter(({ lastAccessTime }) => lastAccessTime && now - tsToMs(lastAccessTime) < aliveWithinMs)
    .map(({ identity }) => identity ?? '')
}

/** @returns `none` when it has not run yet; null when its Schedule is missing. */
async function lastSweep(temporal: Client): Promise<Date | 'none' | null> {
  try {
    const { info } = await temporal.schedule.getHandle(maintenanceSchedules.sweep).describe()
    return info.recentActions.at(-1)?.takenAt ?? 'none'
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null
    throw error
  }
}

/** What API and workers have noted, as the dashboard shows it. */
async function reported(prisma: PrismaClient | null): Promise<Finding[]> {
  const faults = prisma ? await readFaults(prisma) : []
  return faults.map(({ part, detail, since }) =>
    workersPart.warning(
      part,
      `Noted since ${since.toISOString()}: ${detail}`,
      'The dashboard says what it means; it goes when the part works again',
    ),
  )
}
