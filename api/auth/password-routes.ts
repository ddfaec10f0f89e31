/** Choosing a password by the link of a mail: an invitation's, or that of a forgotten password. */

import { createRoute, z } from '@hono/zod-openapi'
import {
  chosenPasswordSchema,
  forgottenPasswordSchema,
  passwordLinkSchema,
} from '#domain/schemas/password-schema.ts'
import type { User } from '#prisma/client/client.ts'
import { ApiProblem } from '../http/api-problem.ts'
import type { Api } from '../http/api-env.ts'
import { clientAddress } from '../http/client-address.ts'
import { jsonBody, jsonResponse, problemResponses } from '../http/openapi-parts.ts'
import type { ApiDeps } from '../deps.ts'
import { writeAccountMail } from '../people/account-mails.ts'
import { endAccess } from '../people/deactivate-person.ts'
import { createAttemptCounts } from './attempt-counts.ts'
import { nameOf, recordEvent, type Actor } from '#services/audit/record-event.ts'
import { visitorOf } from '../audit/audit-actor.ts'
import { setPassword } from './create-account.ts'
import { createKnownDevices } from './known-device.ts'
import { passwordWork, requirePasswordSignIn } from './password-work.ts'
import { hashOfAddress } from './sign-in-limit.ts'
import { startSession } from './start-session.ts'

const tags = ['Sign-in']
const security: Record<string, string[]>[] = []
const linkParams = z.object({
  token: z
    .string()
    .max(1_000)
    .openapi({ param: { name: 'token', in: 'path' } }),
})

const forget = createRoute({
  method: 'post',
  path: '/api/auth/forgotten-password',
  operationId: 'sendPasswordLink',
  tags,
  summary: 'Be sent a link to choose another password',
  description: 'The answer is the same whether the address has an account or not.',
  security,
  request: { body: jsonBody(forgottenPasswordSchema.openapi('ForgottenPassword')) },
  responses: {
    202: { description: 'A mail is on its way, if the address has an account' },
    ...problemResponses(400, 413, 415, 422, 429),
  },
})

const read = createRoute({
  method: 'get',
  path: '/api/auth/password-links/{token}',
  operationId: 'readPasswordLink',
  tags,
  summary: 'Whose password a link lets choose',
  security,
  request: { params: linkParams },
  responses: {
    200: jsonResponse(passwordLinkSchema.openapi('PasswordLink'), 'The link is valid'),
    ...problemResponses(404, 410),
  },
})

const choose = createRoute({
  method: 'post',
  path: '/api/auth/password-links/{token}',
  operationId: 'choosePassword',
  tags,
  summary: 'Choose a password by a link, and sign in',
  description: 'The link works once. Every other session and every API key of the account ends.',
  security,
  request: { params: linkParams, body: jsonBody(chosenPasswordSchema.openapi('ChosenPassword')) },
  responses: {
    204: { description: 'Chosen; the session’s cookie is set' },
    ...problemResponses(400, 404, 410, 413, 415, 422),
  },
})

const limits = {
  /** Mails to one address. */
  perAddress: 3,
  /** An office may share its network address. */
  perClient: 20,
}

export function passwordRoutes(api: Api, deps: ApiDeps): void {
  const { auth, environment, prisma, engine, passwordLinks, logger } = deps
  const counts = createAttemptCounts(prisma, deps.now)
  const devices = createKnownDevices(deps)

  api.openapi(forget, async (context) => {
    requirePasswordSignIn(environment)
    const email = context.req.valid('json').email.toLowerCase()
    const client = clientAddress(context, environment.TRUSTED_PROXY_HOPS)
    await counts.count([
      { key: `forgotten:${hashOfAddress(email)}`, max: limits.perAddress },
      ...(client === null ? [] : [{ key: `forgotten:${client}`, max: limits.perClient }]),
    ])
    // Not awaited: how long it takes would tell who has an account.
    const asked = visitorOf(context, environment, { id: null, name: email, via: 'none' })
    void sendLink(email, asked).catch((error: unknown) =>
      logger.error({ err: error }, 'password link not sent'),
    )
    return context.body(null, 202)
  })

  api.openapi(read, async (context) => {
    const { email, name, joinedAt } = await personOfLink(context.req.valid('param').token)
    return context.json({ email, name, is_invitation: joinedAt === null }, 200)
  })

  api.openapi(choose, async (context) => {
    requirePasswordSignIn(environment)
    const { password } = context.req.valid('json')
    const user = await personOfLink(context.req.valid('param').token)
    await passwordWork(() =>
      prisma.$transaction(async (transaction) => {
        // Of two that use the link at once, one finds it used.
        const { count } = await transaction.user.updateMany({
          where: { id: user.id, passwordLink: user.passwordLink, banned: false },
          data: { passwordLink: { increment: 1 } },
        })
        if (count === 0) throw new ApiProblem('link_expired')
        await setPassword(transaction, auth, user.id, password)
        await endAccess(transaction, user.id)
        const who = { id: user.id, name: nameOf(user), via: 'link' } as const
        await recordEvent(transaction, visitorOf(context, environment, who), { kind: 'password_chosen' })
      }),
    )
    await startSession(context, auth, { userId: user.id, viaProvider: false })
    await devices.remember(context, user.email)
    return context.body(null, 204)
  })

  async function sendLink(email: string, asked: Actor): Promise<void> {
    const user = await prisma.user.findUnique({ where: { email }, include: { accounts: true } })
    if (!user || user.banned) return
    // Whoever signs in by the provider gets no second way in that the provider cannot close.
    const providers = user.accounts.map(({ providerId }) => providerId)
    if (providers.includes('oidc') && !providers.includes('credential')) return
    await prisma.$transaction(async (transaction) => {
      await writeAccountMail(transaction, user.id, 'password_reset')
      const subject = { type: 'person', id: user.id, name: nameOf(user) } as const
      await recordEvent(transaction, asked, { kind: 'password_link_sent', subject })
    })
    await engine.sendNotices(null)
  }

  /** @throws ApiProblem `link_expired` */
  async function personOfLink(token: string): Promise<User> {
    const link = await passwordLinks.read(token)
    const user = link && (await prisma.user.findUnique({ where: { id: link.userId } }))
    if (!user || user.banned || user.passwordLink !== link.generation) throw new ApiProblem('link_expired')
    return user
  }
}
