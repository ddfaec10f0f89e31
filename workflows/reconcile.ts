import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '#activities/create-activities.ts'
import { maintenancePolicy } from './policies.ts'

/** Brings Schedules into agreement with the definitions in Postgres. Every few minutes, and at start. */
export async function reconcile(): Promise<void> {
  await proxyActivities<Activities>(maintenancePolicy).reconcileSchedules()
}
