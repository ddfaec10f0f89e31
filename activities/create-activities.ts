import type { ActivityContext } from './activity-context.ts'
import { closeReport } from './close-report.ts'
import { discardStaged } from './discard-staged.ts'
import { emailReport } from './email-report.ts'
import { generateReport } from './generate-report.ts'
import { notifyOwner } from './notify-owner.ts'
import { openReport } from './open-report.ts'
import { reconcileSchedules } from './reconcile-schedules.ts'
import { resumeReport } from './resume-report.ts'
import { settleReport } from './settle-report.ts'
import { storeReport } from './store-report.ts'
import { sweepReports } from './sweep-reports.ts'

/** Every activity, over one worker's connections. */
export function createActivities(context: ActivityContext) {
  return {
    openReport: openReport(context),
    generateReport: generateReport(context),
    storeReport: storeReport(context),
    emailReport: emailReport(context),
    notifyOwner: notifyOwner(context),
    settleReport: settleReport(context),
    resumeReport: resumeReport(context),
    discardStaged: discardStaged(context),
    closeReport: closeReport(context),
    sweepReports: sweepReports(context),
    reconcileSchedules: reconcileSchedules(context),
  }
}

export type Activities = ReturnType<typeof createActivities>
