/** The signed-in person's own account. */

import { createRoute } from '@hono/zod-openapi'
import { meChangeSchema, meSchema } from '#domain/schemas/me-schema.ts'
import { isTimeZone } from '#domain/timing/time-zone.ts'
import type { Api, Person } from '../http/api-env.ts'
import { invalid } from '../http/api-problem.ts'
import { requireBody } from '../http/readable-json.ts'
import type { ApiDeps } from '../deps.ts'
import { jsonBody, jsonResponse, problemResponses, security } from '../http/openapi-parts.ts'

const Me = meSchema.openapi('Me')

const getMe = createRoute({
  method: 'get',
  path: '/v1/me',
  operationId: 'getMe',
  tags: ['Me'],
  summary: 'The signed-in person',
  security,
  responses: { 200: jsonResponse(Me, 'Oneself'), ...problemResponses() },
})

const changeMe = createRoute({
  method: 'patch',
  path: '/v1/me',
  operationId: 'changeMe',
  tags: ['Me'],
  summary: 'Change one’s language or time zone',
  description: 'Definitions made before keep theirs.',
  security,
  middleware: [requireBody] as const,
  request: { body: jsonBody(meChangeSchema.openapi('MeChange')) },
  responses: { 200: jsonResponse(Me, 'Oneself, changed'), ...problemResponses(400, 413, 415, 422) },
})

export function meRoutes(api: Api, { prisma }: ApiDeps): void {
  api.openapi(getMe, (context) => context.json(meJson(context.get('person')), 200))

  api.openapi(changeMe, async (context) => {
    const { locale, time_zone: timeZone } = context.req.valid('json')
    if (timeZone !== undefined && !isTimeZone(timeZone)) {
      const message = {
        fr: `Le fuseau horaire « ${timeZone} » n’existe pas.`,
        en: `There is no time zone "${timeZone}".`,
      }
      throw invalid([{ path: 'time_zone', message }])
    }
    const person = context.get('person')
    await prisma.user.update({ where: { id: person.id }, data: { locale, timeZone } })
    return context.json(
      meJson({ ...person, locale: locale ?? person.locale, timeZone: timeZone ?? person.timeZone }),
      200,
    )
  })
}

function meJson({ id, email, name, role, locale, timeZone }: Person) {
  return { id, email, name, role, locale, time_zone: timeZone }
}
