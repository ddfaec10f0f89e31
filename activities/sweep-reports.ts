import { heartbeat } from '@temporalio/activity'
import { sweepReports as sweep, type Swept } from '#engine/sweep-reports.ts'
import type { ActivityContext } from './activity-context.ts'
import { clearStaging } from './store-report.ts'
import { tidyStorage, type Tidied } from './tidy-storage.ts'

/** Rows first: a storage that is away keeps no report from being started or ended. */
export function sweepReports(context: ActivityContext) {
  return async (): Promise<Swept & Tidied> => {
    const { prisma, temporal, environment } = context
    const source = { temporal, temporalWebUrl: environment.TEMPORAL_WEB_URL }
    const swept = await sweep(prisma, source, {
      onProgress: () => heartbeat(),
      // Its last attempt cannot clean up any more.
      onEnded: (number) => clearStaging(context, number),
    })
    return { ...swept, ...(await tidyStorage(context, () => heartbeat())) }
  }
}
