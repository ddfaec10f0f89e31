/** Sign-in: better-auth over our own tables. Accounts come from an administrator or from the OIDC issuer. */

import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { admin, genericOAuth } from 'better-auth/plugins'
import type { Environment } from '#config/environment.ts'
import type { Logger } from '#config/logger.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { captureDatabaseErrors } from './ask-auth.ts'
import { allowedOrigins } from '../http/origins.ts'

export type Auth = ReturnType<typeof createAuth>

export const minPasswordLength = 10

type AuthEnvironment = Pick<
  Environment,
  'PUBLIC_URL' | 'AUTH_SECRET' | 'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET'
>

export function createAuth(prisma: PrismaClient, environment: AuthEnvironment, logger: Logger) {
  return betterAuth({
    appName: 'Rapporteur',
    baseURL: environment.PUBLIC_URL,
    basePath: '/api/auth',
    secret: environment.AUTH_SECRET,
    database: prismaAdapter(captureDatabaseErrors(prisma), { provider: 'postgresql' }),
    trustedOrigins: (request) => allowedOrigins(environment.PUBLIC_URL, request?.headers),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength },
    user: {
      additionalFields: {
        locale: { type: 'string', input: false, defaultValue: 'fr' },
        timeZone: { type: 'string', input: false, defaultValue: 'Europe/Paris' },
      },
    },
    account: { accountLinking: { trustedProviders: ['oidc'] } },
    // Its limiter counts every request of a client alike; sign-in-limit.ts counts refusals alone.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'rapporteur',
      useSecureCookies: environment.PUBLIC_URL.startsWith('https://'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
    },
    telemetry: { enabled: false },
    logger: { level: 'warn', log: logTo(logger) },
    plugins: [
      admin({ defaultRole: 'user', adminRoles: ['admin'] }),
      apiKey({
        // A key opens /v1 only (see require-person.ts): it can neither create further keys nor change a password.
        enableSessionForAPIKeys: false,
        defaultPrefix: 'rap_',
        rateLimit: { enabled: false },
      }),
      ...oidcPlugins(environment),
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

function oidcPlugins(environment: AuthEnvironment) {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = environment
  if (!issuer || !clientId || !clientSecret) return []
  const discoveryUrl = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`
  return [
    genericOAuth({
      config: [
        {
          providerId: 'oidc',
          discoveryUrl,
          clientId,
          clientSecret,
          scopes: ['openid', 'email', 'profile'],
          pkce: true,
          // The issuer is asked once, at start. If it does not answer then, or its tokens cannot be verified, it is
          // left out, with an error in the log.
          requireIdTokenVerification: true,
        },
      ],
    }),
  ]
}
