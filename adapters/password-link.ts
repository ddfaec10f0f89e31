/**
 * Tokens in the links that let a person choose a password: an invitation's, or that of a forgotten password. Encrypted
 * like the links of reports, so that a log or a referrer reveals nobody. A token works once: its generation is the
 * account's when it was made, and whatever makes it worthless raises the account's.
 */

import { hkdfSync } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import { z } from 'zod'

export interface PasswordLink {
  userId: string
  /** `passwordLink` of the account. */
  generation: number
}

export interface PasswordLinks {
  /** A compact token, safe in a URL's path. */
  sign(link: PasswordLink & { expiresAt: Date }): Promise<string>
  /** @returns null when it is no token of ours, or its time is over. */
  read(token: string): Promise<PasswordLink | null>
}

const claims = z.object({ u: z.string(), g: z.int() })

/** @param secret LINK_SECRET. */
export function createPasswordLinks(secret: string, now: () => Date = () => new Date()): PasswordLinks {
  const key = new Uint8Array(hkdfSync('sha256', secret, 'rapporteur', 'link:password', 32))
  return {
    sign: ({ userId, generation, expiresAt }) =>
      new EncryptJWT({ u: userId, g: generation })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime(expiresAt)
        .encrypt(key),
    async read(token) {
      try {
        const { payload } = await jwtDecrypt(token, key, {
          currentDate: now(),
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        })
        const { u, g } = claims.parse(payload)
        return { userId: u, generation: g }
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null
        throw error
      }
    },
  }
}
