/** What each line of an activity says about its report: an operator who knows the N° finds all of them. */

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context } from '@temporalio/activity'
import type { ActivityInterceptorsFactory } from '@temporalio/worker'
import type { Report } from '#prisma/client/client.ts'

interface ReportInLogs {
  number?: number
  type?: string
  scheduledReportId?: string
  noticeId?: string
}

/** Of the activity that runs. */
const running = new AsyncLocalStorage<ReportInLogs>()
/** By activity: also lines of the SDK that come after the activity's own code has ended. */
const known = new WeakMap<Context, ReportInLogs>()

/** Called by an activity that has read its report's row. */
export function nameReportInLogs({
  number,
  type,
  scheduledReportId,
}: Pick<Report, 'number' | 'type' | 'scheduledReportId'>): void {
  const named = running.getStore()
  if (named) Object.assign(named, { number, type, scheduledReportId: scheduledReportId ?? undefined })
}

export const reportInLogs: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    execute: (input, next) => {
      const named = namedIn(input.args[0])
      known.set(context, named)
      return running.run(named, () => next(input))
    },
  },
  outbound: { getLogAttributes: (attributes, next) => next({ ...attributes, ...known.get(context) }) },
})

/** What the request itself says, for lines before the row is read, such as that the database is away. */
function namedIn(request: unknown): ReportInLogs {
  const { input, ...rest } = (request ?? {}) as ReportInLogs & { input?: ReportInLogs }
  const { number, scheduledReportId, noticeId } = input ?? rest
  return { number, scheduledReportId, noticeId }
}
