/** What opens the signed-in person's account: their password, sessions and API keys. Closed to API keys. */

import { createRoute, z } from '@hono/zod-openapi'
import {
  apiKeySchema,
  createdApiKeySchema,
  maxKeysOfPerson,
  newApiKeySchema,
  type ApiKeyJson,
} from '#domain/schemas/api-key-schema.ts'
import { passwordChangeSchema, sessionSchema } from '#domain/schemas/password-schema.ts'
import type { Apikey } from '#prisma/client/client.ts'
import { ApiProblem, invalid, notFound } from '../http/api-problem.ts'
import type { Api, ApiContext } from '../http/api-env.ts'
import { clientAddress } from '../http/client-address.ts'
import { jsonBody, jsonResponse, problemResponses, textIdParams } from '../http/openapi-parts.ts'
import type { ApiDeps } from '../deps.ts'
import { endAccess } from '../people/deactivate-person.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { actorOf } from '../audit/audit-actor.ts'
import { askAuth } from './ask-auth.ts'
import { setPassword } from './create-account.ts'
import { fromPermissions, toPermissions } from './key-scopes.ts'
import { passwordWork, requirePasswordSignIn } from './password-work.ts'
import { createSignInLimit } from './sign-in-limit.ts'

const tags = ['Me']
const security: Record<string, string[]>[] = [{ session: [] }]
const ApiKey = apiKeySchema.openapi('ApiKey')
const Session = sessionSchema.openapi('Session')
const changePassword = createRoute({
  method: 'post',
  path: '/v1/me/password',
  operationId: 'changePassword',
  tags,
  summary: 'Change one’s password',
  description: 'Every other session and every API key ends with the old password.',
  security,
  request: { body: jsonBody(passwordChangeSchema.openapi('PasswordChange')) },
  responses: { 204: { description: 'Changed' }, ...problemResponses(400, 413, 415, 422, 429) },
})

const listSessions = createRoute({
  method: 'get',
  path: '/v1/me/sessions',
  operationId: 'listSessions',
  tags,
  summary: 'Where one is signed in, newest first',
  security,
  responses: {
    200: jsonResponse(z.object({ items: z.array(Session) }), 'The sessions'),
    ...problemResponses(),
  },
})

const endSession = createRoute({
  method: 'delete',
  path: '/v1/me/sessions/{id}',
  operationId: 'endSession',
  tags,
  summary: 'End one of one’s sessions',
  security,
  request: { params: textIdParams },
  responses: { 204: { description: 'Ended' }, ...problemResponses(404) },
})

const listKeys = createRoute({
  method: 'get',
  path: '/v1/me/api-keys',
  operationId: 'listApiKeys',
  tags,
  summary: 'One’s API keys, newest first',
  security,
  responses: { 200: jsonResponse(z.object({ items: z.array(ApiKey) }), 'The keys'), ...problemResponses() },
})

const createKey = createRoute({
  method: 'post',
  path: '/v1/me/api-keys',
  operationId: 'createApiKey',
  tags,
  summary: 'Make an API key',
  description: `The key itself is in this answer alone. At most ${maxKeysOfPerson} a person.`,
  security,
  request: { body: jsonBody(newApiKeySchema.openapi('NewApiKey')) },
  responses: {
    201: jsonResponse(createdApiKeySchema.openapi('CreatedApiKey'), 'Made'),
    ...problemResponses(400, 409, 413, 415, 422),
  },
})

const deleteKey = createRoute({
  method: 'delete',
  path: '/v1/me/api-keys/{id}',
  operationId: 'deleteApiKey',
  tags,
  summary: 'Delete one of one’s API keys',
  security,
  request: { params: textIdParams },
  responses: { 204: { description: 'Deleted' }, ...problemResponses(404) },
})

export function ownAccessRoutes(api: Api, deps: ApiDeps): void {
  const { auth, environment, prisma } = deps
  const limit = createSignInLimit(prisma, deps.now)

  api.openapi(changePassword, async (context) => {
    requirePasswordSignIn(environment)
    const { current_password: current, new_password: password } = context.req.valid('json')
    const { id: userId, email } = context.get('person')
    const client = clientAddress(context, environment.TRUSTED_PROXY_HOPS)
    // A stolen session must not be a way to guess the password: counted like a sign-in, by itself for each session.
    const attempt = { email, client, device: `session:${sessionId(context)}` }
    await limit.begin(attempt)
    const account = await prisma.account.findUnique({
      where: { userId_providerId: { userId, providerId: 'credential' } },
    })
    const { password: hasher } = await auth.$context
    const hash = account?.password
    const isRight = hash ? await passwordWork(() => hasher.verify({ hash, password: current })) : false
    if (!isRight) throw invalid([{ path: 'current_password', message: wrongPassword }])
    await limit.accepted(attempt)
    await passwordWork(() =>
      prisma.$transaction(async (transaction) => {
        await setPassword(transaction, auth, userId, password)
        await endAccess(transaction, userId, { sessionId: sessionId(context) })
        await recordEvent(transaction, actorOf(context, environment), { kind: 'password_changed' })
      }),
    )
    return context.body(null, 204)
  })

  api.openapi(listSessions, async (context) => {
    const own = sessionId(context)
    const rows = await prisma.session.findMany({
      where: { userId: context.get('person').id, expiresAt: { gt: deps.now() } },
      orderBy: { createdAt: 'desc' },
      take: 100,
    })
    const items = rows.map((row) => ({
      id: row.id,
      is_current: row.id === own,
      created_at: row.createdAt.toISOString(),
      last_used_at: row.updatedAt.toISOString(),
      expires_at: row.expiresAt.toISOString(),
      ip_address: row.ipAddress || null,
      user_agent: row.userAgent || null,
    }))
    return context.json({ items }, 200)
  })

  api.openapi(endSession, async (context) => {
    const { id } = context.req.valid('param')
    const { count } = await prisma.session.deleteMany({ where: { id, userId: context.get('person').id } })
    if (count === 0) throw notFound()
    await recordEvent(prisma, actorOf(context, environment), { kind: 'session_ended' })
    return context.body(null, 204)
  })

  api.openapi(listKeys, async (context) => {
    const rows = await prisma.apikey.findMany({
      where: { referenceId: context.get('person').id },
      orderBy: { createdAt: 'desc' },
    })
    return context.json({ items: rows.map(keyJson) }, 200)
  })

  api.openapi(createKey, async (context) => {
    const { name, scopes, expires_in_days: days } = context.req.valid('json')
    const { id: userId } = context.get('person')
    const created = await askAuth(() =>
      auth.api.createApiKey({
        body: { userId, name, permissions: toPermissions(scopes), expiresIn: days * 24 * 60 * 60 },
      }),
    )
    // Counted after it is made: of several made at once, each sees the others.
    if ((await prisma.apikey.count({ where: { referenceId: userId } })) > maxKeysOfPerson) {
      await prisma.apikey.delete({ where: { id: created.id } })
      throw new ApiProblem('too_many_keys')
    }
    await recordEvent(prisma, actorOf(context, environment), {
      kind: 'key_created',
      subject: { type: 'api_key', id: created.id, name },
      details: { scopes, expires_in_days: days },
    })
    const row = await prisma.apikey.findUniqueOrThrow({ where: { id: created.id } })
    return context.json({ ...keyJson(row), key: created.key }, 201)
  })

  api.openapi(deleteKey, async (context) => {
    const { id } = context.req.valid('param')
    const own = { id, referenceId: context.get('person').id }
    const key = await prisma.apikey.findFirst({ where: own })
    const { count } = await prisma.apikey.deleteMany({ where: own })
    if (!key || count === 0) throw notFound()
    await recordEvent(prisma, actorOf(context, environment), {
      kind: 'key_deleted',
      subject: { type: 'api_key', id, name: key.name ?? '' },
    })
    return context.body(null, 204)
  })
}

const wrongPassword = {
  fr: 'N’est pas le mot de passe actuel.',
  en: 'Is not the present password.',
}

function sessionId(context: ApiContext): string {
  const access = context.get('access')
  if (access.by !== 'session') throw new ApiProblem('session_needed')
  return access.id
}

function keyJson(row: Apikey): ApiKeyJson {
  const permissions: unknown = row.permissions === null ? null : JSON.parse(row.permissions)
  return {
    id: row.id,
    name: row.name ?? '',
    start: row.start ?? '',
    scopes: fromPermissions(permissions),
    created_at: row.createdAt.toISOString(),
    expires_at: (row.expiresAt ?? row.createdAt).toISOString(),
    last_used_at: row.lastRequest?.toISOString() ?? null,
  }
}
