/**
 * Tells administrators that sweeps have stopped, without any worker: straight through the mailer, and by a webhook. Of
 * several processes of the API one does, whichever is first; what reached nobody is told again after two minutes.
 */

import { messageIdFor } from '#adapters/mail/message-id.ts'
import type { Mailer } from '#adapters/mail/mailer.ts'
import { postWebhook } from '#adapters/signed-webhook.ts'
import type { Environment } from '#config/environment.ts'
import type { Logger } from '#config/logger.ts'
import { matchLocale } from '#domain/locale.ts'
import { renderNoticeMail } from '#mails/notice-mail.ts'
import type { SweepFault, SweepNotice } from '#mails/sweep-notice.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { Engine } from '#services/engine.ts'
import { presentFaults } from '#services/maintenance/installation-checks.ts'
import { claimSweepNews, settleSweepNews, type SweepNews } from '#services/maintenance/late-sweep.ts'
import { administrators } from '#services/notices/write-notices.ts'

export interface WatchdogParts {
  environment: Environment
  prisma: PrismaClient
  engine: Pick<Engine, 'ping'>
  mailer: Pick<Mailer, 'send' | 'domain'>
  logger: Logger
}

/** One whole mail: a server that takes longer is as good as away. */
const mailMs = 30_000

/** @returns what was told; null when there was nothing to tell, or nobody could be reached. */
export async function tellOfSweeps(parts: WatchdogParts): Promise<SweepNews['kind'] | null> {
  const { prisma, environment, logger } = parts
  const news = await claimSweepNews(prisma, environment.WATCHDOG_AFTER_MINUTES)
  if (!news) return null
  const notice = await noticeOf(parts, news)
  const tellings = await Promise.allSettled([
    ...(await mailAdministrators(parts, news, notice)),
    ...(environment.WATCHDOG_WEBHOOK_URL === undefined ? [] : [callWebhook(environment, notice)]),
  ])
  for (const telling of tellings)
    if (telling.status === 'rejected') logger.error({ err: telling.reason }, `${news.kind}: one was not told`)
  const told = tellings.filter(({ status }) => status === 'fulfilled').length
  // With nobody to tell, the log is all there is: once, too.
  const isOver = told > 0 || tellings.length === 0
  const level = news.kind === 'sweep_late' ? 'error' : 'info'
  logger[level](
    { lastSweepAt: news.sweptAt, told },
    news.kind === 'sweep_late' ? 'sweeps have stopped' : 'sweeps go on',
  )
  if (isOver) await settleSweepNews(prisma, news)
  return isOver ? news.kind : null
}

async function mailAdministrators(
  { prisma, mailer, environment }: WatchdogParts,
  news: SweepNews,
  notice: SweepNotice,
): Promise<Promise<unknown>[]> {
  // The same for one incident: when it is told twice after all, many mailboxes show it once.
  const kind = `${news.kind}:${(news.toldAt ?? news.sweptAt).toISOString()}`
  return (await administrators(prisma)).map(async ({ email, locale, timeZone }) => {
    const mail = await renderNoticeMail({
      locale: matchLocale(locale),
      timeZone,
      publicUrl: environment.PUBLIC_URL,
      supportContact: environment.SUPPORT_CONTACT,
      notice,
    })
    const messageId = messageIdFor(0, email, mailer.domain, { kind, installation: environment.PUBLIC_URL })
    await mailer.send({ to: email, ...mail, messageId }, { withinMs: mailMs })
  })
}

async function callWebhook(environment: Environment, notice: SweepNotice): Promise<void> {
  const { PUBLIC_URL, WATCHDOG_WEBHOOK_URL: url = '', WATCHDOG_WEBHOOK_SECRET: secret } = environment
  const { subject } = await renderNoticeMail({ locale: 'en', timeZone: 'UTC', publicUrl: PUBLIC_URL, notice })
  const data = {
    installation: PUBLIC_URL,
    last_sweep_at: notice.sweptAt.toISOString(),
    faults: notice.kind === 'sweep_late' ? notice.faults : [],
  }
  const type = notice.kind === 'sweep_late' ? 'sweep.late' : 'sweep.again'
  await postWebhook(
    { url, secret },
    {
      type,
      timestamp: new Date().toISOString(),
      data,
      text: `${subject} (${PUBLIC_URL}), last sweep ${data.last_sweep_at}`,
    },
  )
}

/** With what else is known to be wrong, which is often the cause. */
async function noticeOf(
  { prisma, engine }: WatchdogParts,
  { kind, sweptAt }: SweepNews,
): Promise<SweepNotice> {
  if (kind === 'sweep_again') return { kind, sweptAt }
  const [isThere, known] = await Promise.all([engine.ping(), presentFaults(prisma)])
  const faults: SweepFault[] = known
    .filter(({ part }) => part !== 'sweep')
    .map(({ part, detail }) => ({ part, detail }))
  return {
    kind,
    sweptAt,
    faults: isThere ? faults : [{ part: 'temporal', detail: 'TEMPORAL_ADDRESS' }, ...faults],
  }
}
