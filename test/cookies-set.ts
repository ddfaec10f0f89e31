/** The cookies an answer sets, as a browser would send them back in its `cookie` header. */
export function cookiesSet(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}
