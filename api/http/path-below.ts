/** Where below its host the service is: the path of PUBLIC_URL, which a proxy before it keeps or strips. */

import { getPathNoStrict } from 'hono/utils/url'

/** `/rapporteur`, without a slash at its end; empty at the root. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/$/, '')
}

/**
 * How the routes see a request's path: without the base path. Nothing of the service begins like a base path (see
 * config/public-url.ts), so that what comes without it was stripped by the proxy, or asked of this machine.
 */
export function pathBelow(publicUrl: string): (request: Request) => string {
  const basePath = basePathOf(publicUrl)
  return (request) => {
    const path = getPathNoStrict(request)
    const isBelow = path === basePath || path.startsWith(`${basePath}/`)
    return isBelow ? path.slice(basePath.length) || '/' : path
  }
}

/** The name of the session's cookie. */
export function sessionCookieOf(publicUrl: string): string {
  const secure = publicUrl.startsWith('https://') ? '__Secure-' : ''
  return `${secure}${cookiePrefixOf(publicUrl)}.session_token`
}

/**
 * Of the session's cookie: one with the path `/`, of an installation at the host's root, is sent here as well, and of
 * two cookies with one name better-auth reads the last.
 */
export function cookiePrefixOf(publicUrl: string): string {
  return `rapporteur${basePathOf(publicUrl).replaceAll('/', '.')}`
}
