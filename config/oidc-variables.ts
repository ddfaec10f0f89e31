/** Sign-in by an organisation's own identity provider (OpenID Connect), and what its claims mean here. */

import { z } from 'zod'
import { listOf } from './list-variables.ts'

export const oidcVariables = {
  /** All three, or none. */
  OIDC_ISSUER: z.url({ protocol: /^https?$/, error: 'is the issuer’s address, https://…' }).optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  /** Asked of the provider beside `openid email profile`, such as `groups`. Separated by spaces. */
  OIDC_SCOPES: z.string().default(''),
  /** The claim that says whether the address is verified; Microsoft Entra ID calls it `xms_edov`. */
  OIDC_EMAIL_VERIFIED_CLAIM: z.string().default('email_verified'),
  /** Domains whose people get an account at their first sign-in; others need an invitation. */
  OIDC_ALLOWED_DOMAINS: listOf((part) => part.toLowerCase().replace(/^@/, '')),
  OIDC_GROUPS_CLAIM: z.string().default('groups'),
  /** Groups whose people get an account. When set, whoever is in none of them cannot sign in, invited or not. */
  OIDC_ALLOWED_GROUPS: listOf(),
  /** Groups whose people are administrators. When set, it decides the role at each sign-in. */
  OIDC_ADMIN_GROUPS: listOf(),
  /** `false`: people sign in by the provider alone. */
  PASSWORD_SIGN_IN: z
    .enum(['true', 'false'], 'is true or false')
    .default('true')
    .transform((text) => text === 'true'),
  /** Attributes taken from claims at each sign-in: `province=claim, centre=other_claim`. */
  OIDC_ATTRIBUTES: listOf().transform((parts, context) => {
    const pairs = parts.map((part) => part.split('=').map((half) => half.trim()))
    if (pairs.some((pair) => pair.length !== 2 || pair.includes(''))) {
      context.addIssue({ code: 'custom', message: 'is attribute=claim, separated by commas' })
      return z.NEVER
    }
    return Object.fromEntries(pairs as [string, string][])
  }),
} as const
