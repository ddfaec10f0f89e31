/**
 * Tokens in a mail's links, which allow a download or an unsubscription without an account. Encrypted, not only
 * signed, so that a forwarded link, a proxy's log or a referrer reveals neither the recipient nor the N°.
 */

import type { JWTPayload } from 'jose'
import { createSealedTokens, type SealedTokens } from './sealed-token.ts'

export type LinkPurpose = 'download' | 'unsubscribe'

export interface LinkClaims {
  /** The report's N°. */
  number: number
  /** The address the mail went to. */
  recipient: string
  /** What the link was made in, see services/links; null for links of before, and for those that do not end. */
  generation: string | null
  /** Null: the link does not expire, as an unsubscribe link must not (RFC 8058 asks that it keep working). */
  expiresAt: Date | null
}

export type LinkVerdict =
  | { ok: true; claims: LinkClaims }
  /** `expired`: the link was valid, and the page may name its report. */
  | { ok: false; reason: 'expired'; claims: LinkClaims }
  | { ok: false; reason: 'invalid' }

export interface LinkSigner {
  /** A compact token, safe in a URL's path (about 190 characters). */
  sign(link: {
    purpose: LinkPurpose
    number: number
    recipient: string
    generation?: string
    expiresAt?: Date | null
  }): Promise<string>
  verify(token: string, purpose: LinkPurpose): Promise<LinkVerdict>
}

/** @param secrets LINK_SECRET, and those before it whose links still work. */
export function createLinkSigner(secrets: readonly [string, ...string[]], now?: () => Date): LinkSigner {
  // A separate key for each purpose: an unsubscribe link can never be used for a download.
  const tokens: Record<LinkPurpose, SealedTokens> = {
    download: createSealedTokens(secrets, 'link:download', now),
    unsubscribe: createSealedTokens(secrets, 'link:unsubscribe', now),
  }
  return {
    sign: ({ purpose, number, recipient, generation, expiresAt = null }) =>
      tokens[purpose].seal({ n: number, r: recipient, g: generation }, expiresAt),
    async verify(token, purpose) {
      const opened = await tokens[purpose].open(token)
      const claims = opened && readClaims(opened.claims)
      if (!claims) return { ok: false, reason: 'invalid' }
      return opened.isExpired ? { ok: false, reason: 'expired', claims } : { ok: true, claims }
    },
  }
}

function readClaims(payload: JWTPayload): LinkClaims | null {
  const { n, r, g, exp } = payload
  if (typeof n !== 'number' || !Number.isSafeInteger(n) || typeof r !== 'string') return null
  return {
    number: n,
    recipient: r,
    generation: typeof g === 'string' ? g : null,
    expiresAt: exp === undefined ? null : new Date(exp * 1000),
  }
}
