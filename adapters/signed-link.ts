/**
 * Tokens in a mail's links, which allow a download or an unsubscription without an account. Encrypted, not only
 * signed, so that a forwarded link, a proxy's log or a referrer reveals neither the recipient nor the N°.
 */

import { hkdfSync } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from 'jose'

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

/** @param secret LINK_SECRET. Changing it ends every link already sent. */
export function createLinkSigner(secret: string, now: () => Date = () => new Date()): LinkSigner {
  const keys: Record<LinkPurpose, Uint8Array> = {
    download: keyFor(secret, 'download'),
    unsubscribe: keyFor(secret, 'unsubscribe'),
  }
  return {
    async sign({ purpose, number, recipient, generation, expiresAt }) {
      const token = new EncryptJWT({ n: number, r: recipient, g: generation }).setProtectedHeader({
        alg: 'dir',
        enc: 'A256GCM',
      })
      if (expiresAt) token.setExpirationTime(expiresAt)
      return token.encrypt(keys[purpose])
    },
    async verify(token, purpose) {
      try {
        const { payload } = await jwtDecrypt(token, keys[purpose], {
          currentDate: now(),
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        })
        const claims = readClaims(payload)
        return claims ? { ok: true, claims } : { ok: false, reason: 'invalid' }
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error
        const claims = error instanceof errors.JWTExpired ? readClaims(error.payload) : null
        return claims ? { ok: false, reason: 'expired', claims } : { ok: false, reason: 'invalid' }
      }
    },
  }
}

/** A separate key for each purpose: an unsubscribe link can never be used for a download. */
function keyFor(secret: string, purpose: LinkPurpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, 'rapporteur', `link:${purpose}`, 32))
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
