import { ScheduleAlreadyRunning, type Client, type ScheduleOptions } from '@temporalio/client'

/** @returns false when there is a Schedule of that id already; it stays as it is. */
export async function createIfMissing(temporal: Client, options: ScheduleOptions): Promise<boolean> {
  try {
    await temporal.schedule.create(options)
    return true
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false
    throw error
  }
}
