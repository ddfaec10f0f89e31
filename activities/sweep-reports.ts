import { heartbeat } from '@temporalio/activity'
import { sweepReports as sweep, type Swept } from '#engine/sweep-reports.ts'
import type { ActivityContext } from './activity-context.ts'

export function sweepReports({ prisma, temporal, environment }: ActivityContext) {
  return (): Promise<Swept> =>
    sweep(prisma, { temporal, temporalWebUrl: environment.TEMPORAL_WEB_URL }, () => heartbeat())
}
