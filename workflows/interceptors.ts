/** Each line that a run of a report logs names the report, as its search attributes do. */

import { workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow'
import { reportNumberKey, reportTypeKey, scheduledReportIdKey } from '#contract/search-attributes.ts'

export function interceptors(): WorkflowInterceptors {
  return {
    outbound: [
      {
        getLogAttributes: (attributes, next) => {
          const { typedSearchAttributes: set } = workflowInfo()
          return next({
            ...attributes,
            number: set.get(reportNumberKey),
            type: set.get(reportTypeKey),
            scheduledReportId: set.get(scheduledReportIdKey),
          })
        },
      },
    ],
  }
}
