import { log } from '@temporalio/activity'
import type { FailureCode } from '#domain/failures.ts'
import type { ActivityContext } from './activity-context.ts'

/** Marks a notice that could not be sent, unless it was all the same (its acceptance was never heard of). */
export function giveUpNotice({ prisma }: ActivityContext) {
  return async ({ noticeId, code }: { noticeId: string; code: FailureCode }): Promise<void> => {
    const { count } = await prisma.notice.updateMany({
      where: { id: noticeId, status: 'pending' },
      data: { status: 'failed', error: code },
    })
    if (count > 0) log.warn('a notice could not be sent', { noticeId, code })
  }
}
