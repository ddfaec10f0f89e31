/** The administrators' dashboard, in one answer. */

import { createRoute } from '@hono/zod-openapi'
import { dashboardSchema, type Dashboard } from '#domain/schemas/dashboard-schema.ts'
import type { Locale } from '#domain/locale.ts'
import { describePause, type PauseReason } from '#domain/pause-reason.ts'
import { presentFaults } from '#services/maintenance/installation-checks.ts'
import type { PresentFault } from '#services/maintenance/installation-faults.ts'
import type { Api } from '../http/api-env.ts'
import { dueRuns } from './due-runs.ts'
import { createKnownRuns } from './known-runs.ts'
import { createSuccessCache } from './success.ts'
import { troubles } from './troubles.ts'
import type { ApiDeps } from '../deps.ts'
import { jsonResponse, problemResponses, security } from '../http/openapi-parts.ts'

const get = createRoute({
  method: 'get',
  path: '/v1/admin/dashboard',
  operationId: 'getDashboard',
  tags: ['Dashboard'],
  summary:
    'What is wrong with the installation, what is due, what failed, how it has been going, what is paused',
  description:
    'Of the reports of all owners. Figures of the last 30 days may be half a minute old; the rest is current.',
  security,
  responses: {
    200: jsonResponse(dashboardSchema.openapi('Dashboard'), 'The dashboard'),
    ...problemResponses(),
  },
})

const monthMs = 30 * 86_400_000
const maxPaused = 20

export function dashboardRoutes(api: Api, deps: ApiDeps): void {
  const { prisma, catalogue } = deps
  const knownRuns = createKnownRuns()
  const cachedSuccess = createSuccessCache(prisma)

  const paused = async (locale: Locale): Promise<Dashboard['paused']> => {
    const where = { enabled: false }
    const [rows, total] = await Promise.all([
      prisma.scheduledReport.findMany({
        where,
        orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
        take: maxPaused,
        select: {
          id: true,
          name: true,
          type: true,
          pauseReason: true,
          updatedAt: true,
          owner: { select: { name: true } },
        },
      }),
      prisma.scheduledReport.count({ where }),
    ])
    const items = rows.map((row) => ({
      scheduled_report_id: row.id,
      name: row.name,
      owner_name: row.owner.name,
      type_title: catalogue.get(row.type)?.title[locale] ?? row.type,
      pause_note: describePause(row.pauseReason as PauseReason | null, locale),
      updated_at: row.updatedAt.toISOString(),
    }))
    return { items, total }
  }

  api.openapi(get, async (context) => {
    const { timeZone } = context.get('person')
    const locale = context.get('locale')
    const now = deps.now()
    const [faults, due, failures, last30Days, pausedOnes] = await Promise.all([
      presentFaults(prisma),
      dueRuns({ prisma, catalogue, knownRuns, now, timeZone, locale }),
      troubles({ prisma, since: new Date(now.getTime() - monthMs) }),
      cachedSuccess(timeZone, now),
      paused(locale),
    ])
    return context.json(
      {
        generated_at: now.toISOString(),
        time_zone: timeZone,
        installation: faults.map(faultJson),
        report_types: { version: catalogue.files.version, total: catalogue.all().length },
        due,
        failures,
        last_30_days: last30Days,
        paused: pausedOnes,
      },
      200,
    )
  })
}

function faultJson({ part, detail, since, lastSeenAt }: PresentFault) {
  return { part, detail, since: since.toISOString(), last_seen_at: lastSeenAt.toISOString() }
}
