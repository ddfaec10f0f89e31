/** Passwords that people choose. */

import { z } from 'zod'
import { localizedIssue } from './bounded-text.ts'

const minPasswordLength = 10
export const maxPasswordLength = 128

/** Long rather than intricate; nothing else is asked of it (NIST SP 800-63B). */
export const newPasswordSchema = z
  .string()
  .min(minPasswordLength)
  .max(maxPasswordLength)
  .superRefine((password, context) => {
    if (new Set(password.toLowerCase()).size < 5) {
      context.addIssue(localizedIssue({ fr: 'Se devine trop facilement.', en: 'Is too easy to guess.' }))
    }
  })

/** Body of POST /v1/me/password. */
export const passwordChangeSchema = z.strictObject({
  current_password: z.string().max(maxPasswordLength),
  new_password: newPasswordSchema,
})

/** Body of POST /api/auth/forgotten-password. */
export const forgottenPasswordSchema = z.strictObject({ email: z.string().trim().min(1).max(254) })

/** Body of POST /api/auth/password-links/{token}. */
export const chosenPasswordSchema = z.strictObject({ password: newPasswordSchema })

export const passwordLinkSchema = z.object({
  email: z.string(),
  name: z.string(),
  /** An invitation, for somebody who never signed in. */
  is_invitation: z.boolean(),
})

/** One of a person's sessions. */
export const sessionSchema = z.object({
  id: z.string(),
  /** The one that asks. */
  is_current: z.boolean(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  ip_address: z.string().nullable(),
  /** What the browser calls itself. */
  user_agent: z.string().nullable(),
})
