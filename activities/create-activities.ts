import { ApplicationFailure } from '@temporalio/activity'
import { Prisma } from '#prisma/client/client.ts'
import { isDatabaseAway } from '#prisma/database-away.ts'
import type { ActivityContext } from './activity-context.ts'
import { activityFailure } from './activity-failure.ts'
import { emailReport } from './report/email-report.ts'
import { generateReport } from './report/generate-report.ts'
import { openReport } from './report/open-report.ts'
import { reconcileSchedules } from './maintenance/reconcile-schedules.ts'
import { resumeReport } from './report/resume-report.ts'
import { giveUpNotice, sendNotice } from './notice/send-notice.ts'
import { announceOutcome, closeReport, settleReport } from './report/settle-report.ts'
import { discardStaged, storeReport } from './report/store-report.ts'
import { sweepReports } from './maintenance/sweep-reports.ts'

/** Every activity, bound to the connections of one worker. */
export function createActivities(context: ActivityContext) {
  return {
    openReport: openReport(context),
    generateReport: nameDatabaseFailure(generateReport(context)),
    storeReport: nameDatabaseFailure(storeReport(context)),
    emailReport: nameDatabaseFailure(emailReport(context)),
    settleReport: settleReport(context),
    announceOutcome: failIfRowGone(announceOutcome(context)),
    sendNotice: sendNotice(context),
    giveUpNotice: giveUpNotice(context),
    resumeReport: failIfRowGone(resumeReport(context)),
    discardStaged: discardStaged(context),
    closeReport: failIfRowGone(closeReport(context)),
    sweepReports: sweepReports(context),
    reconcileSchedules: reconcileSchedules(context),
  }
}

type Activity<Input, Output> = (input: Input) => Promise<Output>

/**
 * Names a lost database wherever in the activity it was lost, so that people do not read of an unexpected error. Not
 * retried by the engine: the workflow waits.
 */
function nameDatabaseFailure<Input, Output>(activity: Activity<Input, Output>): Activity<Input, Output> {
  // The English text is for operators; people read the code's sentence in the report's language.
  return mapError(activity, (error) =>
    isDatabaseAway(error)
      ? activityFailure('database_unavailable', { locale: 'en', cause: error, retryable: false })
      : error,
  )
}

/** Bookkeeping is retried without limit, except when its row is gone (a database restored from a backup). */
function failIfRowGone<Input, Output>(activity: Activity<Input, Output>): Activity<Input, Output> {
  return mapError(activity, (error) => {
    const isGone = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2025'
    return isGone ? ApplicationFailure.nonRetryable('The report’s row is gone', 'report_unknown') : error
  })
}

/** @param replace returns the error to throw instead. */
function mapError<Input, Output>(
  activity: Activity<Input, Output>,
  replace: (error: unknown) => unknown,
): Activity<Input, Output> {
  return async (input) => {
    try {
      return await activity(input)
    } catch (error) {
      throw replace(error)
    }
  }
}

export type Activities = ReturnType<typeof createActivities>
