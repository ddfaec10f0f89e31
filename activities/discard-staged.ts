import type { ActivityContext } from './activity-context.ts'
import { clearStaging } from './store-report.ts'

/** Removes what a cancelled or skipped report left in staging. */
export function discardStaged(context: ActivityContext) {
  return ({ number }: { number: number }): Promise<void> => clearStaging(context, number)
}
