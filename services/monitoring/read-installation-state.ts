/** What is true of the whole installation: asked of the database and of Temporal, and the same whichever process asks. */

import type { Client } from '@temporalio/client'
import { optionalTsToMs } from '@temporalio/common/lib/time.js'
import { readFaults } from '../maintenance/installation-faults.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { describeQueue, polledQueues, type PolledQueue } from '../temporal/worker-polls.ts'

export interface InstallationState {
  queued: number
  running: number
  stuck: number
  /** Of the report that waits longest for its first or next step; 0 without one. */
  oldestQueuedSeconds: number
  /** Seconds since each job ended last; jobs that never did are left out. */
  maintenanceAges: Readonly<Record<string, number>>
  pendingNotices: number
  enabledDefinitions: number
  pausedDefinitions: number
  /** Definitions whose Schedule does not have their last change yet. */
  unappliedDefinitions: number
  /** What administrators see on the dashboard, by part. */
  faults: string[]
}

export interface QueueState extends PolledQueue {
  backlog: number
  /** Of the task that waits longest. */
  ageSeconds: number
  /** Workers that ask for tasks. */
  pollers: number
}

interface Row {
  queued: number
  running: number
  stuck: number
  oldestQueued: number
  ages: Record<string, number>
  notices: number
  enabled: number
  paused: number
  unapplied: number
}

/** One statement: by indexes, but for the definitions, which are read once. */
export async function readInstallationState(
  prisma: Pick<PrismaClient, '$queryRaw' | '$executeRaw' | 'installationFault'>,
): Promise<InstallationState> {
  const [row] = await prisma.$queryRaw<Row[]>`
    SELECT open.*, definitions.*,
      (SELECT count(*)::int FROM notice WHERE status = 'pending') AS notices,
      (SELECT jsonb_strip_nulls(jsonb_build_object(
          'sweep', extract(epoch FROM clock_timestamp() - swept_at),
          'reconcile', extract(epoch FROM clock_timestamp() - reconciled_at)))
        FROM installation) AS ages
    FROM (
      SELECT count(*) FILTER (WHERE status = 'queued')::int AS queued,
        count(*) FILTER (WHERE status = 'running')::int AS running,
        count(*) FILTER (WHERE stuck IS NOT NULL)::int AS stuck,
        coalesce(greatest(0, extract(epoch FROM
          clock_timestamp() - min(updated_at) FILTER (WHERE status = 'queued'))), 0)::float AS "oldestQueued"
      FROM report WHERE status IN ('queued', 'running')
    ) AS open, (
      SELECT count(*) FILTER (WHERE enabled)::int AS enabled,
        count(*) FILTER (WHERE NOT enabled)::int AS paused,
        count(*) FILTER (WHERE version <> applied_version)::int AS unapplied
      FROM scheduled_report
    ) AS definitions`
  if (!row) throw new Error('The database does not say how the installation is')
  const faults = await readFaults(prisma)
  return {
    queued: row.queued,
    running: row.running,
    stuck: row.stuck,
    oldestQueuedSeconds: row.oldestQueued,
    maintenanceAges: row.ages,
    pendingNotices: row.notices,
    enabledDefinitions: row.enabled,
    pausedDefinitions: row.paused,
    unappliedDefinitions: row.unapplied,
    faults: faults.map(({ part }) => part),
  }
}

/** One question a queue and kind. */
export function readQueueStates(temporal: Client, deadlineMs: number): Promise<QueueState[]> {
  return temporal.withDeadline(Date.now() + deadlineMs, () =>
    Promise.all(
      polledQueues.map(async (polled) => {
        const { stats, pollers } = await describeQueue(temporal, polled, { reportStats: true })
        return {
          ...polled,
          backlog: Number(stats?.approximateBacklogCount ?? 0),
          ageSeconds: (optionalTsToMs(stats?.approximateBacklogAge) ?? 0) / 1000,
          pollers: pollers?.length ?? 0,
        }
      }),
    ),
  )
}
