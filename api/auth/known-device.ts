/**
 * Remembers, in the browser, which address signed in with it: a cookie that nobody can forge and that opens nothing.
 * The sign-in limit counts such a browser by itself.
 * @see https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */

import { randomUUID } from 'node:crypto'
import { getCookie, setCookie } from 'hono/cookie'
import { createSealedTokens } from '#adapters/sealed-token.ts'
import { authSecrets } from '#config/secrets.ts'
import type { ApiContext } from '../http/api-env.ts'
import type { ApiDeps } from '../deps.ts'
import { basePathOf } from '../http/path-below.ts'
import { hashOfAddress } from './sign-in-limit.ts'

const cookieName = 'rapporteur.device'
const maxAgeSeconds = 180 * 24 * 60 * 60

export function createKnownDevices({ environment, now }: Pick<ApiDeps, 'environment' | 'now'>) {
  const { PUBLIC_URL } = environment
  const tokens = createSealedTokens(authSecrets(environment), 'device', now)
  return {
    /** @returns the browser's own name, null when this address has not signed in with it. */
    async of(context: ApiContext, email: string): Promise<string | null> {
      const token = getCookie(context, cookieName)
      const opened = token === undefined ? null : await tokens.open(token)
      if (!opened || opened.isExpired || opened.claims.sub !== hashOfAddress(email)) return null
      return opened.claims.jti ?? null
    },
    async remember(context: ApiContext, email: string): Promise<void> {
      const expiresAt = new Date(now().getTime() + maxAgeSeconds * 1000)
      const token = await tokens.seal({ sub: hashOfAddress(email), jti: randomUUID() }, expiresAt)
      setCookie(context, cookieName, token, {
        path: `${basePathOf(PUBLIC_URL)}/api/auth`,
        httpOnly: true,
        sameSite: 'Lax',
        secure: PUBLIC_URL.startsWith('https://'),
        maxAge: maxAgeSeconds,
      })
    },
  }
}
