import { log } from '@temporalio/activity'
import type { MailError } from '#adapters/mail/classify-mail-error.ts'
import { addMailFaultNotices } from '#services/notices/mail-fault.ts'
import { startNotices } from '#services/notices/start-notices.ts'
import type { ActivityContext } from './activity-context.ts'

/**
 * Tells the administrators that the mail server refuses every mail of this installation, once until it accepts one. Their
 * mails leave by the same server: until it is corrected, the dashboard and the log say it.
 */
export async function tellOfMailFault(
  { prisma, temporal, mailer }: ActivityContext,
  { code, message, response }: MailError,
): Promise<void> {
  try {
    const fault = { code, response: response ?? message, server: mailer.server }
    if (!(await addMailFaultNotices(prisma, fault))) return
    log.error('the mail server refuses every mail of this installation', fault)
    await startNotices(prisma, temporal, null)
  } catch (error) {
    // The next mail tells it again, and the sweep starts what was written.
    log.warn('a fault of the mail server was not told', { code, err: error })
  }
}
