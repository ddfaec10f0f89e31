import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '#activities/create-activities.ts'
import { maintenancePolicy } from './policies.ts'

/** Brings open rows and the engine into agreement: no report stays « En cours » for ever. Every minute. */
export async function sweep(): Promise<void> {
  await proxyActivities<Activities>(maintenancePolicy).sweepReports()
}
