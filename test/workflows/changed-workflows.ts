/** The next release of the workflows: every step begins with a timer that the present one does not have. */

import { patched, sleep, type WorkflowInterceptorsFactory } from '@temporalio/workflow'

export * from '#workflows/index.ts'

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      async scheduleActivity(input, next) {
        if (patched(`changed-${input.activityType}`)) await sleep(1)
        return next(input)
      },
    },
  ],
})
