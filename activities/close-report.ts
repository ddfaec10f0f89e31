import { archiveDeliveryLog } from '#engine/archive-delivery-log.ts'
import type { ActivityContext } from './activity-context.ts'

/** The last activity of a run: keeps the delivery log, since the engine forgets histories after its retention. */
export function closeReport({ prisma, temporal, environment }: ActivityContext) {
  return async ({ number }: { number: number }): Promise<void> => {
    await archiveDeliveryLog(prisma, { temporal, temporalWebUrl: environment.TEMPORAL_WEB_URL }, number)
  }
}
