/** Links in mails, for recipients without an account: fetch the file, stop receiving. */

import { matchLocale, type Locale } from '#domain/locale.ts'
import { includesAddress } from '#domain/schemas/recipients.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { reportSubject, visitorOf } from '../audit/audit-actor.ts'
import { subjectOf } from '../scheduled-reports/edit-definition.ts'
import type { Api, ApiContext } from '../http/api-env.ts'
import { ApiProblem } from '../http/api-problem.ts'
import type { ApiDeps } from '../deps.ts'
import { downloadHeaders, downloadOf, endedWithOwnersRole } from '../reports/download.ts'
import { linkPage, type LinkPage } from './link-page.ts'
import { unsubscribe } from '#services/definitions/unsubscriptions.ts'
import { revocationOf } from '#services/links/link-generation.ts'
import { returnToPerson, whoLeft } from '#services/recipients/request-unsubscriptions.ts'

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
    const { number, recipient } = verdict.claims
    const include = { scheduledReport: true, owner: true }
    const row = await prisma.report.findUnique({ where: { number }, include })
    if (!row) return page(context, 'invalid', 404, fallback)
    const locale = matchLocale(row.locale)
    const about = { number, title: row.title, recipient, sender: row.owner.name }
    if (!verdict.ok) return page(context, 'expired', 410, locale, about)
    const revocation = await revocationOf(prisma, row, verdict.claims)
    if (revocation) return page(context, `revoked_${revocation}`, 410, locale, about)
    if (endedWithOwnersRole(row, deps.catalogue))
      return page(context, 'revoked_owner_demoted', 410, locale, about)
    try {
      // Mail scanners and link previews: nothing was downloaded.
      if (context.req.method === 'HEAD') return context.body(null, 200, await downloadHeaders(row, deps))
      const { url } = await downloadOf(row, deps)
      const who = { id: null, name: verdict.claims.recipient, via: 'link' } as const
      await recordEvent(prisma, visitorOf(context, environment, who), {
        kind: 'report_downloaded',
        subject: reportSubject(row),
      })
      return context.redirect(url, 302)
    } catch (error) {
      const code = error instanceof ApiProblem ? error.code : undefined
      if (code === 'file_missing') {
        logger.error({ requestId: context.get('requestId'), number }, 'the storage has lost a file')
        return page(context, 'file_missing', 410, locale, about)
      }
      if (code === 'file_removed' || code === 'file_not_ready') {
        return page(context, 'file_gone', 410, locale, about)
      }
      logger.error({ requestId: context.get('requestId'), err: error }, 'no download url')
      context.header('retry-after', '60')
      return page(context, 'unavailable', 503, locale, about)
    }
  })

  /** What a token of an unsubscribe link is about; null when it is invalid. */
  const subscription = async (context: ApiContext) => {
    const verdict = await links.verify(context.req.param('token') ?? '', 'unsubscribe')
    if (!verdict.ok) return null
    const { number, recipient } = verdict.claims
    const include = { scheduledReport: true, owner: true }
    const row = await prisma.report.findUnique({ where: { number }, include })
    if (!row) return null
    const { scheduledReport: definition, owner } = row
    const about = { title: definition?.name ?? row.title, recipient, sender: owner.name }
    return { row, recipient, definition, about, locale: matchLocale(row.locale) }
  }

  // GET changes nothing, since mail scanners follow every link: the page's button posts.
  api.get('/u/:token', async (context) => {
    const found = await subscription(context)
    if (!found) return page(context, 'invalid', 404, context.get('locale'))
    const { definition, recipient, locale, row, about } = found
    if (!definition) {
      const hasLeft = (await whoLeft(prisma, row.owner, [recipient])).length > 0
      return page(context, hasLeft ? 'left_person' : 'leave_person', 200, locale, about)
    }
    const isSubscribed = includesAddress(definition.recipients, recipient)
    return page(context, isSubscribed ? 'unsubscribe' : 'unsubscribed', 200, locale, about)
  })

  // RFC 8058: mail programs post here when their reader clicks « Se désabonner », once or several times.
  api.post('/u/:token', async (context) => {
    const found = await subscription(context)
    if (!found) return page(context, 'invalid', 404, context.get('locale'))
    const { definition, recipient, locale, row, about } = found
    if (!definition && new URLSearchParams(await context.req.text()).has('again')) {
      await returnToPerson(prisma, row.ownerId, recipient)
      return page(context, 'leave_person', 200, locale, about)
    }
    const hasLeft = await unsubscribe(prisma, row, recipient)
    if (hasLeft) {
      const who = { id: null, name: recipient, via: 'link' } as const
      await recordEvent(prisma, visitorOf(context, environment, who), {
        kind: 'recipient_unsubscribed',
        subject: definition ? subjectOf(definition) : reportSubject(row),
      })
    }
    if (hasLeft && definition) {
      await Promise.all([deps.engine.applySchedule(definition.id), deps.engine.sendNotices(row.number)])
    }
    return page(context, definition ? 'unsubscribed' : 'left_person', 200, locale, about)
  })
}
