import { CancellationScope, proxyActivities } from '@temporalio/workflow'
import type { Activities } from '#activities/create-activities.ts'
import { describeFailure } from './describe-failure.ts'
import { bookkeepingPolicy, noticePolicy } from './policies.ts'

export interface NoticeInput {
  noticeId: string
}

/**
 * One notice to one person: written with a report's result, sent here, so that a mail server that is away holds up
 * neither the report nor anybody else's notice. A notice that could not be sent is told to nobody: it is logged, kept
 * on its row, and its workflow fails.
 */
export async function notice({ noticeId }: NoticeInput): Promise<void> {
  try {
    await proxyActivities<Activities>(noticePolicy).sendNotice({ noticeId })
  } catch (error) {
    const { giveUpNotice } = proxyActivities<Activities>(bookkeepingPolicy)
    const { code } = describeFailure(error, 'en')
    // Cancelled by an operator, too: it is not to be taken up again.
    await CancellationScope.nonCancellable(() => giveUpNotice({ noticeId, code }))
    throw error
  }
}
