/** What the pages must know before sign-in. */

import { createRoute } from '@hono/zod-openapi'
import { csvChoicesOf } from '#config/csv-variables.ts'
import { configurationSchema } from '#domain/schemas/configuration-schema.ts'
import type { Api } from '../http/api-env.ts'
import type { ApiDeps } from '../deps.ts'
import { jsonResponse } from '../http/openapi-parts.ts'

const getConfiguration = createRoute({
  method: 'get',
  path: '/v1/configuration',
  operationId: 'getConfiguration',
  tags: ['Me'],
  summary: 'The public settings of this installation',
  description: 'Needs no session.',
  security: [],
  responses: {
    200: jsonResponse(configurationSchema.openapi('Configuration'), 'How to sign in, and whom to ask'),
  },
})

export function configurationRoutes(api: Api, { environment }: Pick<ApiDeps, 'environment'>): void {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = environment
  const configuration = {
    single_sign_on: Boolean(OIDC_ISSUER && OIDC_CLIENT_ID && OIDC_CLIENT_SECRET),
    password_sign_in: environment.PASSWORD_SIGN_IN,
    support_contact: environment.SUPPORT_CONTACT ?? null,
    schedule_spread_minutes: environment.SCHEDULE_SPREAD_MINUTES,
    csv: csvChoicesOf(environment),
  }
  api.openapi(getConfiguration, (context) => context.json(configuration, 200))
}
