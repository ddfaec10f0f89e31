import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '#activities/create-activities.ts'
import { reconcilePolicy } from './policies.ts'

/** Reconciles Schedules with the definitions in Postgres, every few minutes and when a worker starts. */
export async function reconcile(): Promise<void> {
  await proxyActivities<Activities>(reconcilePolicy).reconcileSchedules()
}
