import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '#activities/create-activities.ts'
import { sweepPolicy } from './policies.ts'

/** Reconciles open rows with the engine every minute, so that no report stays « En cours » for ever. */
export async function sweep(): Promise<void> {
  await proxyActivities<Activities>(sweepPolicy).sweepReports()
}
