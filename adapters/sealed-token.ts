/**
 * Compact tokens that only this service makes and reads: in links of mails and in cookies. Encrypted, not only signed,
 * so that a forwarded link, a proxy's log or a referrer reveals nothing.
 */

import { hkdfSync } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from 'jose'

export interface SealedTokens {
  /** Safe in a URL's path. @param expiresAt null: never. */
  seal(claims: JWTPayload, expiresAt: Date | null): Promise<string>
  /** @returns null for what is no token of this purpose; one whose time is over is opened, and says so. */
  open(token: string): Promise<{ claims: JWTPayload; isExpired: boolean } | null>
}

/**
 * @param secrets the first seals, all open: tokens of before a secret was changed live on.
 * @param purpose makes the key: a token of one purpose is none of another.
 */
export function createSealedTokens(
  secrets: readonly [string, ...string[]],
  purpose: string,
  now: () => Date = () => new Date(),
): SealedTokens {
  const keyOf = (secret: string) => new Uint8Array(hkdfSync('sha256', secret, 'rapporteur', purpose, 32))
  const key = keyOf(secrets[0])
  const keys = secrets.map(keyOf)
  return {
    async seal(claims, expiresAt) {
      const token = new EncryptJWT(claims).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      if (expiresAt) token.setExpirationTime(expiresAt)
      return token.encrypt(key)
    },
    async open(token) {
      for (const candidate of keys) {
        try {
          const { payload } = await jwtDecrypt(token, candidate, {
            currentDate: now(),
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: ['A256GCM'],
          })
          return { claims: payload, isExpired: false }
        } catch (error) {
          if (error instanceof errors.JWTExpired) return { claims: error.payload, isExpired: true }
          if (!(error instanceof errors.JOSEError)) throw error
        }
      }
      return null
    },
  }
}
