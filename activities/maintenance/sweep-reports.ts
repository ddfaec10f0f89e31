import { Context, log } from '@temporalio/activity'
import { StorageError } from '#adapters/storage/storage-error.ts'
import { fileFailureCode } from '#files/process/file-failure-code.ts'
import { databaseNow } from '#services/clock/clocks.ts'
import { clearFault, noteFault } from '#services/maintenance/installation-faults.ts'
import { noteSweep, signOfLife } from '#services/maintenance/late-sweep.ts'
import { countSweepChanges } from '#services/monitoring/report-metrics.ts'
import { clearStorageFull } from '#services/notices/storage-full.ts'
import { removeExpiredRows } from '#services/maintenance/remove-expired-rows.ts'
import { sweepOpenReports, type SweepOptions, type Swept } from '#services/maintenance/sweep-open-reports.ts'
import type { ActivityContext } from '../activity-context.ts'
import { announceOutcome, logReportEnd } from '../report/settle-report.ts'
import { clearStaging } from '../report/store-report.ts'
import { pacedHeartbeat } from './paced-heartbeat.ts'
import { tidyStorage, type Tidied } from './tidy-storage.ts'

/**
 * Rows first: an unreachable storage must not prevent reports from being started or ended. A cancellation ends it
 * before the next row or batch.
 */
export function sweepReports(context: ActivityContext) {
  return async (): Promise<Swept & Tidied & { removed: number }> => {
    const { prisma, temporal, environment } = context
    const now = await databaseNow(prisma)
    const source = { temporal, temporalWebUrl: environment.TEMPORAL_WEB_URL }
    const { cancellationSignal } = Context.current()
    const beat = pacedHeartbeat()
    const isAlive = signOfLife(prisma)
    const onProgress = () => {
      beat()
      isAlive()
      cancellationSignal.throwIfAborted()
    }
    const options: SweepOptions = {
      onProgress,
      // The lost workflow can neither send notices nor clean up.
      onEnded: async (number) => {
        await announceOutcome(context)({ number })
        await clearStaging(context, number)
      },
      onArchived: logReportEnd,
      onFailed: (number, error) => log.warn('a report could not be looked after', { number, err: error }),
      onNoticeGivenUp: ({ id, reportNumber }) =>
        log.warn('a notice could not be sent', { noticeId: id, number: reportNumber, code: 'timed_out' }),
      alertAfter: environment.ALERT_AFTER_FAILURES,
    }
    const swept = await temporal.withAbortSignal(cancellationSignal, () =>
      sweepOpenReports(prisma, source, options),
    )
    const { started, ended, archived, resumed, failed } = swept
    countSweepChanges({ started, ended, archived, resumed, failed })
    const removed = await removeExpiredRows(prisma, environment, { onProgress, now })
    // Before the storage is tidied: a storage that is away is told of by another name.
    await noteSweep(prisma)
    return { ...swept, removed, ...(await tidyOrTell(context, onProgress, now)) }
  }
}

/** A sweep that cannot tidy fails in Temporal, where few look: administrators see it on their dashboard. */
async function tidyOrTell(context: ActivityContext, onProgress: () => void, now: Date): Promise<Tidied> {
  try {
    const tidied = await tidyStorage(context, onProgress, now)
    await clearFault(context.prisma, 'storage_tidying')
    await clearStorageFull(context.prisma)
    return tidied
  } catch (error) {
    if (error instanceof StorageError && !Context.current().cancellationSignal.aborted) {
      log.warn('the storage could not be tidied', { err: error })
      await noteFault(context.prisma, 'storage_tidying', {
        code: fileFailureCode(error),
        detail: error.message,
      })
    }
    throw error
  }
}
