/** Resolves a session's cookie or an API key to a person, on every request. */

import { createMiddleware } from 'hono/factory'
import type { User } from '#prisma/client/client.ts'
import { matchLocale } from '#domain/locale.ts'
import { viewerFrom } from '#domain/viewer.ts'
import { ApiProblem } from '../http/api-problem.ts'
import { askAuth } from './ask-auth.ts'
import type { ApiContext, ApiEnv, Person } from '../http/api-env.ts'
import type { ApiDeps } from '../deps.ts'

/** 401 without a person; sets `person` and the person's language. */
export function requirePerson(deps: Pick<ApiDeps, 'auth' | 'prisma' | 'now'>) {
  return createMiddleware<ApiEnv>(async (context, next) => {
    const person = await personOf(context, deps)
    context.set('person', person)
    context.set('locale', person.locale)
    await next()
  })
}

/** 403 for anyone but administrators. */
export const requireAdmin = createMiddleware<ApiEnv>(async (context, next) => {
  if (context.get('person').role !== 'admin') throw new ApiProblem('forbidden')
  await next()
})

async function personOf(
  context: ApiContext,
  deps: Pick<ApiDeps, 'auth' | 'prisma' | 'now'>,
): Promise<Person> {
  const key = context.req.header('x-api-key')
  const userId =
    key === undefined ? await sessionUserId(context, deps) : await apiKeyUserId(key, context, deps)
  const user = await deps.prisma.user.findUnique({ where: { id: userId } })
  const banned = user?.banned && (user.banExpires === null || user.banExpires > deps.now())
  if (!user || banned) throw new ApiProblem('unauthenticated')
  return personFrom(user)
}

export function personFrom(user: User): Person {
  return {
    ...viewerFrom(user),
    email: user.email,
    name: user.name,
    locale: matchLocale(user.locale),
    timeZone: user.timeZone,
  }
}

async function sessionUserId(context: ApiContext, { auth }: Pick<ApiDeps, 'auth'>): Promise<string> {
  const { response: session, headers } = await askAuth(() =>
    auth.api.getSession({ headers: context.req.raw.headers, returnHeaders: true }),
  )
  if (!session) throw new ApiProblem('unauthenticated')
  // better-auth prolongs a session in use: the browser gets the cookie's new expiry.
  for (const cookie of headers?.getSetCookie() ?? []) context.header('set-cookie', cookie, { append: true })
  context.set('credential', { kind: 'session', id: session.session.id })
  return session.user.id
}

async function apiKeyUserId(
  key: string,
  context: ApiContext,
  { auth }: Pick<ApiDeps, 'auth'>,
): Promise<string> {
  const verdict = await askAuth(() => auth.api.verifyApiKey({ body: { key } }))
  if (!verdict.valid || !verdict.key) throw new ApiProblem('invalid_api_key')
  context.set('credential', { kind: 'key', id: verdict.key.id })
  return verdict.key.referenceId
}
