import { CancellationScope, proxyActivities } from '@temporalio/workflow'
import type { Activities } from '#activities/create-activities.ts'
import { describeFailure } from './describe-failure.ts'
import { bookkeepingPolicy, noticePolicy } from './policies.ts'

export interface NoticeInput {
  noticeId: string
}

/**
 * Sends one notice to one person. A notice is written with a report's result and sent here, so that an unreachable
 * mail server delays neither the report nor another notice. When a notice cannot be sent, it is logged, marked on its
 * row, and its workflow fails; no person is told.
 */
export async function notice({ noticeId }: NoticeInput): Promise<void> {
  try {
    await proxyActivities<Activities>(noticePolicy).sendNotice({ noticeId })
  } catch (error) {
    const { giveUpNotice } = proxyActivities<Activities>(bookkeepingPolicy)
    const { code } = describeFailure(error, 'en')
    // Also when an operator cancels it: the sweep must not start it again.
    await CancellationScope.nonCancellable(() => giveUpNotice({ noticeId, code }))
    throw error
  }
}
