/** Gives each request an id to quote and a language. */

import { randomUUID } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import { matchLocale } from '#domain/locale.ts'
import type { ApiEnv } from './api-env.ts'

export const requestContext = createMiddleware<ApiEnv>(async (context, next) => {
  const given = context.req.header('x-request-id')
  const requestId = given && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
  context.set('requestId', requestId)
  context.set('locale', matchLocale(context.req.header('accept-language')))
  context.header('x-request-id', requestId)
  await next()
})
