/** The origins that a browser may write from: our own, by its public address or the one in the Host header. */

/**
 * The public origin, and that of the Host header: a person who opened http://127.0.0.1:3000 instead of the
 * PUBLIC_URL is on our site too. A foreign page cannot choose the Host that a browser sends.
 */
export function allowedOrigins(publicUrl: string, headers?: Headers): string[] {
  const origins = [new URL(publicUrl).origin]
  const host = headers?.get('host')
  if (host && /^[\w.:[\]-]+$/.test(host)) origins.push(`http://${host}`, `https://${host}`)
  return origins
}

/** Where Temporal Web, on an origin of its own, asks for sealed payloads (api/system/codec-routes.ts). */
export const codecPaths: readonly string[] = ['/codec/decode', '/codec/encode']

/** Whether a request may come from Temporal Web's origin, and does. */
export function isFromTemporalWeb(webUrl: string, path: string, headers: Headers): boolean {
  return codecPaths.includes(path) && headers.get('origin') === new URL(webUrl).origin
}

/** Whether the browser says that the request comes from another site. Programs send no Origin and are let in. */
export function isForeign(publicUrl: string, headers: Headers): boolean {
  const origin = headers.get('origin')
  if (origin !== null) return !allowedOrigins(publicUrl, headers).includes(origin)
  return headers.get('sec-fetch-site') === 'cross-site'
}
