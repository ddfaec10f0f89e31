/**
 * Passwords, sessions and API keys: better-auth over our own tables. Few of its own addresses are open, see
 * auth-routes.ts; accounts, roles and the identity provider are ours.
 */

import { APIError } from 'better-auth/api'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { apiKey } from '@better-auth/api-key'
import type { Logger } from '#config/logger.ts'
import type { Environment } from '#config/environment.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { basePathOf, cookiePrefixOf } from '../http/path-below.ts'
import { allowedOrigins } from '../http/origins.ts'
import { captureDatabaseErrors } from './ask-auth.ts'
import { sessionStarter } from './session-starter.ts'

export type Auth = ReturnType<typeof createAuth>

type AuthEnvironment = Pick<Environment, 'PUBLIC_URL' | 'AUTH_SECRET'>

export function createAuth(prisma: PrismaClient, environment: AuthEnvironment, logger: Logger) {
  return betterAuth({
    appName: 'Rapporteur',
    // Its requests come without the base path; with one in here it would take it for its own `basePath`.
    baseURL: new URL(environment.PUBLIC_URL).origin,
    basePath: '/api/auth',
    secret: environment.AUTH_SECRET,
    database: prismaAdapter(captureDatabaseErrors(prisma), { provider: 'postgresql' }),
    trustedOrigins: (request) => allowedOrigins(environment.PUBLIC_URL, request?.headers),
    emailAndPassword: { enabled: true, disableSignUp: true },
    session: { additionalFields: { viaProvider: { type: 'boolean', input: false, defaultValue: false } } },
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => {
            const user = await prisma.user.findUnique({ where: { id: userId }, select: { banned: true } })
            if (!user || user.banned) {
              throw new APIError('FORBIDDEN', { code: 'ACCOUNT_DEACTIVATED', message: 'Account deactivated' })
            }
          },
        },
      },
    },
    // Its limiter counts every request of a client alike; sign-in-limit.ts counts what was not accepted.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: cookiePrefixOf(environment.PUBLIC_URL),
      useSecureCookies: environment.PUBLIC_URL.startsWith('https://'),
      defaultCookieAttributes: {
        httpOnly: true,
        sameSite: 'lax',
        path: basePathOf(environment.PUBLIC_URL) || '/',
      },
    },
    telemetry: { enabled: false },
    logger: { level: 'warn', log: logTo(logger) },
    plugins: [
      apiKey({
        // A key opens /v1 only (see require-person.ts): it can neither create further keys nor change a password.
        enableSessionForAPIKeys: false,
        defaultPrefix: 'rap_',
        rateLimit: { enabled: false },
        maximumNameLength: 60,
      }),
      sessionStarter,
    ],
  })
}

/** Logs the message and the error alone: other details may hold personal data. */
function logTo(logger: Logger) {
  return (level: string, message: string, ...details: unknown[]): void => {
    const err = details.find((detail) => detail instanceof Error)
    // A caller's wrong key is no fault of the service; the access log has the 401.
    if (message.startsWith('Failed to validate API key')) return logger.debug({ err }, message)
    logger[level === 'error' ? 'error' : 'warn']({ component: 'better-auth', err }, message)
  }
}
