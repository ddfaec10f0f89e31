/**
 * Remembers, in the browser, which address signed in with it: a cookie that nobody can forge and that opens nothing.
 * The sign-in limit counts such a browser by itself.
 * @see https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */

import { hkdfSync, randomUUID } from 'node:crypto'
import { getCookie, setCookie } from 'hono/cookie'
import { jwtVerify, SignJWT } from 'jose'
import type { Environment } from '#config/environment.ts'
import type { ApiContext } from '../http/api-env.ts'
import { hashOfAddress } from './sign-in-limit.ts'

const cookieName = 'rapporteur.device'
const maxAgeSeconds = 180 * 24 * 60 * 60

export function createKnownDevices({
  AUTH_SECRET,
  PUBLIC_URL,
}: Pick<Environment, 'AUTH_SECRET' | 'PUBLIC_URL'>) {
  const key = new Uint8Array(hkdfSync('sha256', AUTH_SECRET, 'rapporteur', 'device', 32))
  return {
    /** @returns the browser's own name, null when this address has not signed in with it. */
    async of(context: ApiContext, email: string): Promise<string | null> {
      const token = getCookie(context, cookieName)
      if (token === undefined) return null
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          subject: hashOfAddress(email),
        })
        return payload.jti ?? null
      } catch {
        return null
      }
    },
    async remember(context: ApiContext, email: string): Promise<void> {
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(hashOfAddress(email))
        .setJti(randomUUID())
        .setExpirationTime(`${maxAgeSeconds}s`)
        .sign(key)
      setCookie(context, cookieName, token, {
        path: '/api/auth',
        httpOnly: true,
        sameSite: 'Lax',
        secure: PUBLIC_URL.startsWith('https://'),
        maxAge: maxAgeSeconds,
      })
    },
  }
}
