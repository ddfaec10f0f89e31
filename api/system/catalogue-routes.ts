/** Reloading the organisation's own report types, a deliberate act: no process looks for changes by itself. */

import { createRoute, z } from '@hono/zod-openapi'
import { CatalogueError } from '#catalogue/load-catalogue.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { reloadCatalogue } from '#services/maintenance/shared-catalogue.ts'
import { actorOf } from '../audit/audit-actor.ts'
import type { ApiDeps } from '../deps.ts'
import type { Api } from '../http/api-env.ts'
import { ApiProblem } from '../http/api-problem.ts'
import { jsonResponse, problemResponses, security } from '../http/openapi-parts.ts'

const reload = createRoute({
  method: 'post',
  path: '/v1/admin/report-types/reload',
  operationId: 'reloadReportTypes',
  tags: ['Report types'],
  summary: 'Use what REPORTS_DIR holds now, in all processes',
  description:
    'The files are loaded and checked whole, then used by this process at once and by the others within seconds. ' +
    '409 `report_types_faulty` says which file is at fault; the old types then stay in use.',
  security,
  responses: {
    200: jsonResponse(
      z
        .object({
          version: z.string().openapi({ description: 'Tells these files from others' }),
          changed: z.boolean(),
          types: z
            .int()
            .openapi({ description: 'How many there are, those that come with the product included' }),
        })
        .openapi('ReloadedReportTypes'),
      'In use',
    ),
    ...problemResponses(409),
  },
})

export function catalogueRoutes(api: Api, { prisma, catalogue, environment }: ApiDeps): void {
  api.openapi(reload, async (context) => {
    const before = catalogue.files.version
    try {
      await reloadCatalogue({ prisma, catalogue })
    } catch (error) {
      if (!(error instanceof CatalogueError)) throw error
      const fault = error.message
      throw new ApiProblem('report_types_faulty', {
        cause: error,
        detail: {
          fr: `Les types de rapport d’avant restent en service, partout. Corrigez, puis rechargez. ${fault}`,
          en: `The report types of before stay in use, everywhere. Correct this, then reload. ${fault}`,
        },
      })
    }
    const { version } = catalogue.files
    const changes = version === before ? [] : [{ field: 'catalogue_version', from: before, to: version }]
    await recordEvent(prisma, actorOf(context, environment), { kind: 'report_types_reloaded', changes })
    return context.json({ version, changed: version !== before, types: catalogue.all().length }, 200)
  })
}
