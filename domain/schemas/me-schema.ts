/** The signed-in person's own account. */

import { z } from 'zod'
import { personName } from './person-name.ts'
import { locales } from '../locale.ts'

export const roles = ['admin', 'user'] as const
export type Role = (typeof roles)[number]

export const meSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  locale: z.enum(locales),
  time_zone: z.string(),
  /** What limits the rows this person sees, such as {"province": "Kasaï"}. */
  attributes: z.record(z.string(), z.string()),
  /** Whether a password opens the account. */
  has_password: z.boolean(),
})

/** Body of PATCH /v1/me: what is left out stays. */
export const meChangeSchema = z.strictObject({
  name: personName.optional(),
  locale: z.enum(locales).optional(),
  time_zone: z.string().max(100).optional(),
})
