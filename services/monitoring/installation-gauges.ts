import type { Client } from '@temporalio/client'
import { Gauge, type Registry } from 'prom-client'
import type { Logger } from '#config/logger.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { readInstallationState, readQueueStates } from './read-installation-state.ts'

interface Parts {
  prisma: PrismaClient
  temporal: Client
  logger: Logger
}

/** An answer serves all scrapes within this time: several Prometheus servers ask no more than one. */
const freshMs = 5_000
/** Prometheus itself gives a page ten seconds. */
const deadlineMs = 3_000

/**
 * Gauges of the installation, set anew by `refresh` before each scrape. Where database or Temporal do not answer in time,
 * theirs are absent and `rapporteur_installation_readable` is 0: a stale number would be worse than none.
 */
export function createInstallationGauges(
  registry: Registry,
  { prisma, temporal, logger }: Parts,
): { refresh: () => Promise<void> } {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `rapporteur_${name}`, help, labelNames, registers: [registry] })

  const readable = gauge('installation_readable', 'Whether the part was asked in time: 1 or 0', 'part')
  const ofDatabase = {
    open: gauge('reports_open', 'Reports queued or running', 'status'),
    stuck: gauge('reports_stuck', 'Open reports whose runs cannot go on'),
    oldest: gauge('oldest_queued_seconds', 'How long the report that waits longest is queued; 0 without one'),
    ages: gauge(
      'maintenance_age_seconds',
      'Since the sweep or the reconciler last ended without an error',
      'maintenance',
    ),
    notices: gauge('notices_pending', 'Notices that are not sent yet'),
    definitions: gauge('scheduled_reports', 'Scheduled reports, enabled or paused', 'state'),
    unapplied: gauge(
      'scheduled_reports_unapplied',
      'Scheduled reports whose Schedule lacks their last change',
    ),
    fault: gauge(
      'installation_fault',
      'What is wrong with the installation itself, as on the dashboard: 1 each',
      'part',
    ),
  }
  const ofTemporal = {
    backlog: gauge('task_queue_backlog', 'Tasks that wait for a worker, approximately', 'queue', 'kind'),
    age: gauge('task_queue_backlog_age_seconds', 'How long the first of them waits', 'queue', 'kind'),
    pollers: gauge('task_queue_pollers', 'Workers that ask for tasks', 'queue', 'kind'),
  }

  async function readDatabase(): Promise<void> {
    const state = await withDeadline(readInstallationState(prisma))
    ofDatabase.open.set({ status: 'queued' }, state.queued)
    ofDatabase.open.set({ status: 'running' }, state.running)
    ofDatabase.stuck.set(state.stuck)
    ofDatabase.oldest.set(state.oldestQueuedSeconds)
    for (const [job, age] of Object.entries(state.maintenanceAges))
      ofDatabase.ages.set({ maintenance: job }, age)
    ofDatabase.notices.set(state.pendingNotices)
    ofDatabase.definitions.set({ state: 'enabled' }, state.enabledDefinitions)
    ofDatabase.definitions.set({ state: 'paused' }, state.pausedDefinitions)
    ofDatabase.unapplied.set(state.unappliedDefinitions)
    ofDatabase.fault.reset()
    for (const part of state.faults) ofDatabase.fault.set({ part }, 1)
  }

  async function readTemporal(): Promise<void> {
    for (const { queue, kind, ...state } of await readQueueStates(temporal, deadlineMs)) {
      ofTemporal.backlog.set({ queue, kind }, state.backlog)
      ofTemporal.age.set({ queue, kind }, state.ageSeconds)
      ofTemporal.pollers.set({ queue, kind }, state.pollers)
    }
  }

  async function readPart(
    part: string,
    read: () => Promise<void>,
    gauges: Readonly<Record<string, Gauge>>,
  ): Promise<void> {
    try {
      await read()
      readable.set({ part }, 1)
    } catch (error) {
      readable.set({ part }, 0)
      for (const one of Object.values(gauges)) {
        one.reset()
        // A gauge without labels is 0 after a reset.
        one.remove({})
      }
      logger.debug({ err: error, part }, 'metrics of the installation not read')
    }
  }

  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<unknown> | undefined
  return {
    async refresh() {
      if (!reading && performance.now() - readAt >= freshMs) {
        reading = Promise.all([
          readPart('database', readDatabase, ofDatabase),
          readPart('temporal', readTemporal, ofTemporal),
        ]).finally(() => {
          readAt = performance.now()
          reading = undefined
        })
      }
      await reading
    },
  }
}

function withDeadline<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${deadlineMs} ms`)), deadlineMs)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
