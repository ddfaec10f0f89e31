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

/** Every activity, over one worker's connections. */
export function createActivities(context: ActivityContext) {
  return {
    openReport: openReport(context),
    generateReport: namingDatabase(generateReport(context)),
    storeReport: namingDatabase(storeReport(context)),
    emailReport: namingDatabase(emailReport(context)),
    settleReport: settleReport(context),
    announceOutcome: unlessGone(announceOutcome(context)),
    sendNotice: sendNotice(context),
    giveUpNotice: giveUpNotice(context),
    resumeReport: unlessGone(resumeReport(context)),
    discardStaged: discardStaged(context),
    closeReport: unlessGone(closeReport(context)),
    sweepReports: sweepReports(context),
    reconcileSchedules: reconcileSchedules(context),
  }
}

type Activity<Input, Output> = (input: Input) => Promise<Output>

/** What people are told when these fail for good: not an unexpected error, wherever in them the database went away. */
function namingDatabase<Input, Output>(activity: Activity<Input, Output>): Activity<Input, Output> {
  // English is for operators; people read the code's sentence in the report's language.
  return throwing(activity, (error) =>
    isDatabaseAway(error) ? activityFailure('database_unavailable', { locale: 'en', cause: error }) : error,
  )
}

/**
 * Bookkeeping is retried without limit, which a row that is gone (a database restored from a backup) must not be.
 */
function unlessGone<Input, Output>(activity: Activity<Input, Output>): Activity<Input, Output> {
  return throwing(activity, (error) => {
    const isGone = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2025'
    return isGone ? ApplicationFailure.nonRetryable('The report’s row is gone', 'report_unknown') : error
  })
}

/** @param named what to throw instead. */
function throwing<Input, Output>(
  activity: Activity<Input, Output>,
  named: (error: unknown) => unknown,
): Activity<Input, Output> {
  return async (input) => {
    try {
      return await activity(input)
    } catch (error) {
      throw named(error)
    }
  }
}

export type Activities = ReturnType<typeof createActivities>
