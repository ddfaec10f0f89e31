/** Links in mails, for recipients without an account: fetch the file, stop receiving. */

import { matchLocale, type Locale } from '#domain/locale.ts'
import { includesAddress } from '#domain/schemas/recipients.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { visitorOf } from '../audit/audit-actor.ts'
import { subjectOf } from '../scheduled-reports/edit-definition.ts'
import type { Api, ApiContext } from '../http/api-env.ts'
import { ApiProblem } from '../http/api-problem.ts'
import type { ApiDeps } from '../deps.ts'
import { downloadOf } from '../reports/download.ts'
import { linkPage, type LinkPage } from './link-page.ts'
import { unsubscribe } from '#services/definitions/unsubscriptions.ts'

export function linkRoutes(api: Api, deps: ApiDeps): void {
  const { prisma, links, logger, environment } = deps

  const page = (
    context: ApiContext,
    which: LinkPage,
    status: 200 | 404 | 410 | 503,
    locale: Locale,
    about = {},
  ) => {
    return context.html(linkPage(which, locale, { ...about, support: environment.SUPPORT_CONTACT }), status)
  }

  api.get('/l/:token', async (context) => {
    const verdict = await links.verify(context.req.param('token'), 'download')
    const fallback = context.get('locale')
    if (!verdict.ok && verdict.reason === 'invalid') return page(context, 'invalid', 404, fallback)
    const row = await prisma.report.findUnique({ where: { number: verdict.claims.number } })
    if (!row) return page(context, 'invalid', 404, fallback)
    const locale = matchLocale(row.locale)
    const about = { number: row.number, title: row.title }
    if (!verdict.ok) return page(context, 'expired', 410, locale, about)
    try {
      const { url } = await downloadOf(row, deps)
      const who = { id: null, name: verdict.claims.recipient, via: 'link' } as const
      await recordEvent(prisma, visitorOf(context, environment, who), {
        kind: 'report_downloaded',
        subject: { type: 'report', id: String(row.number), name: `N° ${row.number} · ${row.title}` },
      })
      return context.redirect(url, 302)
    } catch (error) {
      if (error instanceof ApiProblem) return page(context, 'file_gone', 410, locale, about)
      logger.error({ requestId: context.get('requestId'), err: error }, 'no download url')
      return page(context, 'unavailable', 503, locale, about)
    }
  })

  /** The report, definition and recipient that a token names; null when it is invalid. */
  const subscription = async (context: ApiContext) => {
    const verdict = await links.verify(context.req.param('token') ?? '', 'unsubscribe')
    if (!verdict.ok) return null
    const { number, recipient } = verdict.claims
    const row = await prisma.report.findUnique({ where: { number }, include: { scheduledReport: true } })
    if (!row) return null
    return { row, recipient, definition: row.scheduledReport, locale: matchLocale(row.locale) }
  }

  // GET changes nothing, since mail scanners follow every link: the page's button posts.
  api.get('/u/:token', async (context) => {
    const found = await subscription(context)
    if (!found) return page(context, 'invalid', 404, context.get('locale'))
    const { definition, recipient, locale, row } = found
    const about = { title: definition?.name ?? row.title, recipient }
    const isSubscribed = definition !== null && includesAddress(definition.recipients, recipient)
    return page(context, isSubscribed ? 'unsubscribe' : 'unsubscribed', 200, locale, about)
  })

  // RFC 8058: mail programs post here when their reader clicks « Se désabonner », once or several times.
  api.post('/u/:token', async (context) => {
    const found = await subscription(context)
    if (!found) return page(context, 'invalid', 404, context.get('locale'))
    const { definition, recipient, locale, row } = found
    if (definition && (await unsubscribe(prisma, row, recipient))) {
      await recordEvent(prisma, visitorOf(context, environment, { id: null, name: recipient, via: 'link' }), {
        kind: 'recipient_unsubscribed',
        subject: subjectOf(definition),
      })
      await Promise.all([deps.engine.applySchedule(definition.id), deps.engine.sendNotices(row.number)])
    }
    return page(context, 'unsubscribed', 200, locale, { title: definition?.name ?? row.title, recipient })
  })
}
