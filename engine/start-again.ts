import type { Client } from '@temporalio/client'
import type { Report } from '#prisma/client/client.ts'
import { signalRelaunch, startReport } from './start-report.ts'

/** Starts a queued report the way it was meant to start: a relaunch goes on, anything else begins. */
export async function startAgain(temporal: Client, row: Report): Promise<void> {
  await (row.startedAt ? signalRelaunch(temporal, row) : startReport(temporal, row))
}
