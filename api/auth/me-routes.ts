/** The signed-in person's own account. */

import { createRoute } from '@hono/zod-openapi'
import { meChangeSchema, meSchema } from '#domain/schemas/me-schema.ts'
import { isTimeZone } from '#domain/timing/time-zone.ts'
import type { Api, Person } from '../http/api-env.ts'
import { invalid } from '../http/api-problem.ts'
import { personFrom } from './require-person.ts'
import { changesBetween, recordEvent } from '#services/audit/record-event.ts'
import { actorOf } from '../audit/audit-actor.ts'
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
  summary: 'Change one’s name, language or time zone',
  description: 'Definitions made before keep theirs.',
  security,
  middleware: [requireBody] as const,
  request: { body: jsonBody(meChangeSchema.openapi('MeChange')) },
  responses: { 200: jsonResponse(Me, 'Oneself, changed'), ...problemResponses(400, 413, 415, 422) },
})

export function meRoutes(api: Api, { prisma, environment }: ApiDeps): void {
  api.openapi(getMe, async (context) => context.json(await meJson(context.get('person')), 200))

  api.openapi(changeMe, async (context) => {
    const { name, locale, time_zone: timeZone } = context.req.valid('json')
    if (timeZone !== undefined && !isTimeZone(timeZone)) {
      const message = {
        fr: `Le fuseau horaire « ${timeZone} » n’existe pas.`,
        en: `There is no time zone "${timeZone}".`,
      }
      throw invalid([{ path: 'time_zone', message }])
    }
    const person = context.get('person')
    const user = await prisma.$transaction(async (transaction) => {
      const changed = await transaction.user.update({
        where: { id: person.id },
        data: { name, locale, timeZone },
      })
      const changes = changesBetween(person, changed, ['name', 'locale', 'timeZone'])
      if (changes.length > 0) {
        await recordEvent(transaction, actorOf(context, environment), { kind: 'account_changed', changes })
      }
      return changed
    })
    return context.json(await meJson(personFrom(user)), 200)
  })

  async function meJson({ id, email, name, role, locale, timeZone, attributes }: Person) {
    const passwords = await prisma.account.count({ where: { userId: id, providerId: 'credential' } })
    const has_password = passwords > 0
    return { id, email, name, role, locale, time_zone: timeZone, attributes: { ...attributes }, has_password }
  }
}
