/**
 * Tokens in the links that let a person choose a password: an invitation's, or that of a forgotten password. A token
 * works once: its generation is the account's when it was made, and whatever makes it worthless raises the account's.
 */

import { z } from 'zod'
import { createSealedTokens } from './sealed-token.ts'

export interface PasswordLink {
  userId: string
  /** `passwordLink` of the account. */
  generation: number
}

export interface PasswordLinks {
  sign(link: PasswordLink & { expiresAt: Date }): Promise<string>
  /** @returns null when it is no token of ours, or its time is over. */
  read(token: string): Promise<PasswordLink | null>
}

const linkClaims = z
  .object({ u: z.string(), g: z.int() })
  .transform(({ u, g }): PasswordLink => ({ userId: u, generation: g }))

/** @param secrets LINK_SECRET, and those before it whose links still work. */
export function createPasswordLinks(
  secrets: readonly [string, ...string[]],
  now?: () => Date,
): PasswordLinks {
  const tokens = createSealedTokens(secrets, 'link:password', now)
  return {
    sign: ({ userId, generation, expiresAt }) => tokens.seal({ u: userId, g: generation }, expiresAt),
    async read(token) {
      const opened = await tokens.open(token)
      return opened && !opened.isExpired ? (linkClaims.safeParse(opened.claims).data ?? null) : null
    },
  }
}
