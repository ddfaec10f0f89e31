/** The network address a request comes from, as far as it can be trusted. */

import { getConnInfo } from '@hono/node-server/conninfo'
import type { ApiContext } from './api-env.ts'

/**
 * The connection's address; behind `trustedHops` proxies, the entry of X-Forwarded-For that the outermost of them
 * wrote (the client may have forged the entries before it). Null without a connection.
 */
export function clientAddress(context: ApiContext, trustedHops: number): string | null {
  if (trustedHops > 0) {
    const entries = (context.req.header('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim())
    const entry = entries.at(-trustedHops)
    if (entry) return entry
  }
  try {
    return getConnInfo(context).remote.address ?? null
  } catch {
    return null
  }
}
