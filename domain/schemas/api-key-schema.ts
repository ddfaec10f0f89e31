/** API keys: what programs of a person sign in with. */

import { z } from 'zod'
import { lineOfText, localizedIssue } from './bounded-text.ts'

export const keyScopes = ['reports:read', 'reports:write', 'scheduled-reports:write', 'people:write'] as const
export type KeyScope = (typeof keyScopes)[number]

export const maxKeysOfPerson = 20
const maxKeyDays = 365

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Its first characters, so that a person recognises it. */
  start: z.string(),
  scopes: z.array(z.enum(keyScopes)),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
})
export type ApiKeyJson = z.infer<typeof apiKeySchema>

/** Body of POST /v1/me/api-keys. */
export const newApiKeySchema = z.strictObject({
  name: lineOfText(1, 60),
  scopes: z
    .array(z.enum(keyScopes))
    .min(1)
    .max(keyScopes.length)
    .superRefine((scopes, context) => {
      if (new Set(scopes).size === scopes.length) return
      context.addIssue(localizedIssue({ fr: 'Chaque droit une seule fois.', en: 'Each scope once.' }))
    })
    .meta({ uniqueItems: true }),
  expires_in_days: z.int().min(1).max(maxKeyDays).default(90),
})

/** The only answer that holds the key itself. */
export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() })
