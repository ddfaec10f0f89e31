/** The end of a session: a request that gets 401 announces it, and the app leads to sign-in and back. */

import { createSignal } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'

const [ended, setEnded] = createSignal(0)

/** Counts the answers 401 outside sign-in. */
export const sessionEnds = ended

export function sessionEnded(): void {
  setEnded((count) => count + 1)
}

/** Same-origin paths only: a return address in a link must not lead to another site. */
export function safeReturn(path: string | null | undefined): string {
  if (!path) return pagePaths.reports
  const url = new URL(path, location.origin)
  const own = url.origin === location.origin && path.startsWith('/') && !path.startsWith('//')
  return own && !url.pathname.startsWith(pagePaths.signIn)
    ? url.pathname + url.search + url.hash
    : pagePaths.reports
}

/** Address of the sign-in page that leads back to `path`. */
export function signInPath(path: string, reason?: 'session'): string {
  const search = new URLSearchParams()
  if (path !== '/' && path !== pagePaths.reports) search.set('retour', path)
  if (reason) search.set('motif', reason)
  return search.size > 0 ? `${pagePaths.signIn}?${search}` : pagePaths.signIn
}
