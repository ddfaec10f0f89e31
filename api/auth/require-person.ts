/** Resolves a session's cookie or an API key to a person, on every request. */

import { createMiddleware } from 'hono/factory'
import type { User } from '#prisma/client/client.ts'
import { matchLocale } from '#domain/locale.ts'
import { viewerFrom } from '#domain/viewer.ts'
import { ApiProblem } from '../http/api-problem.ts'
import { askAuth } from './ask-auth.ts'
import { fromPermissions, scopeFor } from './key-scopes.ts'
import { passCookies } from './start-session.ts'
import type { Access, ApiContext, ApiEnv, Person } from '../http/api-env.ts'
import type { ApiDeps } from '../deps.ts'

/** 401 without a person, 403 for a key without the scope; sets `person`, `access` and the person's language. */
export function requirePerson(deps: Pick<ApiDeps, 'auth' | 'prisma'>) {
  return createMiddleware<ApiEnv>(async (context, next) => {
    const key = context.req.header('x-api-key')
    const { userId, access } = key === undefined ? await bySession(context, deps) : await byKey(key, deps)
    const user = await deps.prisma.user.findUnique({ where: { id: userId } })
    if (!user || user.banned) throw new ApiProblem('unauthenticated')
    const person: Person = {
      ...personFrom(user),
      ...(access.by === 'key' ? { keyScopes: access.scopes } : {}),
    }
    context.set('person', person)
    context.set('access', access)
    context.set('locale', person.locale)
    if (access.by === 'key') requireScope(context, access)
    await next()
  })
}

/** 403 for anyone but administrators. */
export const requireAdmin = createMiddleware<ApiEnv>(async (context, next) => {
  if (context.get('person').role !== 'admin') throw new ApiProblem('forbidden')
  await next()
})

function requireScope({ req }: ApiContext, { scopes }: Extract<Access, { by: 'key' }>): void {
  const needed = scopeFor(req.method, req.path)
  if (needed === null) throw new ApiProblem('session_needed')
  if (needed !== 'any' && !scopes.includes(needed)) throw new ApiProblem('scope_missing')
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

interface Recognised {
  userId: string
  access: Access
}

async function bySession(context: ApiContext, { auth }: Pick<ApiDeps, 'auth'>): Promise<Recognised> {
  const { response: found, headers } = await askAuth(() =>
    auth.api.getSession({ headers: context.req.raw.headers, returnHeaders: true }),
  )
  if (!found) throw new ApiProblem('unauthenticated')
  // better-auth prolongs a session in use: the browser gets the cookie's new expiry.
  passCookies(context, headers)
  return { userId: found.user.id, access: { by: 'session', id: found.session.id } }
}

async function byKey(key: string, { auth }: Pick<ApiDeps, 'auth'>): Promise<Recognised> {
  const verdict = await askAuth(() => auth.api.verifyApiKey({ body: { key } }))
  if (!verdict.valid || !verdict.key) throw new ApiProblem('invalid_api_key')
  const { id, name, permissions, referenceId } = verdict.key
  const scopes = fromPermissions(permissions)
  return { userId: referenceId, access: { by: 'key', id, keyName: name ?? '', scopes } }
}
