/** The signed-in person's own account. */

import { z } from 'zod'
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
})

/** Body of PATCH /v1/me: what is left out stays. */
export const meChangeSchema = z.strictObject({
  locale: z.enum(locales).optional(),
  time_zone: z.string().max(100).optional(),
})
