/**
 * Reconciles once, in a process with nothing else in it, so that its peak memory is what reconciling takes. Sends what
 * it measured to the process that forked it.
 */

import { Connection } from '@temporalio/client'
import { reconcileDefinitions, type Reconciled } from '#services/maintenance/reconcile-definitions.ts'
import { createTemporalClient } from '#services/temporal/data-converter.ts'
import { temporalConnectionOptions } from '#services/temporal/temporal-connection.ts'
import { readEnvironment } from '#config/environment.ts'
import { createPrisma } from '#prisma/client.ts'
import { loadCatalogue } from '#catalogue/load-catalogue.ts'

export interface ReconcileMeasurement {
  reconciled: Reconciled
  seconds: number
  /** Resident, in MB (10⁶ bytes): as the process began to reconcile, and the most it ever had. */
  idleMegabytes: number
  peakMegabytes: number
}

const environment = readEnvironment()
const prisma = createPrisma(environment.DATABASE_URL)
const connection = await Connection.connect(temporalConnectionOptions(environment))
const parts = {
  prisma,
  temporal: createTemporalClient(connection, environment),
  catalogue: await loadCatalogue({ builtIn: true }),
  spreadMinutes: environment.SCHEDULE_SPREAD_MINUTES,
  missedAfterMinutes: environment.MISSED_AFTER_MINUTES,
}
await prisma.scheduledReport.count()
const idleMegabytes = process.memoryUsage.rss() / 1e6
const began = performance.now()
const reconciled = await reconcileDefinitions(parts)
process.send?.({
  reconciled,
  seconds: (performance.now() - began) / 1000,
  idleMegabytes,
  peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
} satisfies ReconcileMeasurement)
await prisma.$disconnect()
await connection.close()
