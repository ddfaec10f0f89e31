/** The people of an installation, as administrators see them. */

import { z } from 'zod'
import { locales } from '../locale.ts'
import { lineOfText } from './bounded-text.ts'
import { roles } from './me-schema.ts'
import { personName } from './person-name.ts'
import { emailSchema } from './recipients.ts'

/** What the catalogue's scopes restrict by: at most 20 names with a text each. */
export const attributesSchema = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,49}$/), lineOfText(1, 200))
  .refine((attributes) => Object.keys(attributes).length <= 20)

/** An attribute that report types restrict their rows by. */
export const attributeSchema = z.object({
  attribute: z.string(),
  title: z.string(),
  /** The titles of the types whose rows it decides. */
  types: z.array(z.string()),
  /** Found in the data, sorted. */
  values: z.array(z.string()),
  /** Whether there are more, or they could not be read. */
  truncated: z.boolean(),
})

export const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(roles),
  attributes: z.record(z.string(), z.string()),
  /** False when the account is deactivated: its sessions and API keys open nothing. */
  active: z.boolean(),
  /** True: the name and address are gone, and it can be neither changed nor reactivated. */
  anonymised: z.boolean(),
  /** Null: invited, and never signed in. */
  joined_at: z.iso.datetime().nullable(),
  /** Signs in by the identity provider. */
  has_provider: z.boolean(),
  /** The next sign-in by the identity provider with this verified address becomes this account. */
  linkable: z.boolean(),
  /** How many scheduled reports are theirs … */
  scheduled_reports: z.int(),
  /** … and how many of these are enabled: deactivating the account pauses them. */
  enabled_scheduled_reports: z.int(),
})
export type UserJson = z.infer<typeof userSchema>

/** Body of POST /v1/admin/users: an invitation. */
export const invitationSchema = z.strictObject({
  email: emailSchema,
  /** The part of the address before "@" unless given. */
  name: personName.optional(),
  role: z.enum(roles).default('user'),
  attributes: attributesSchema.default({}),
  locale: z.enum(locales).optional(),
})

/** Body of PATCH /v1/admin/users/{id}: what is left out stays. */
export const userChangeSchema = z.strictObject({
  name: personName.optional(),
  role: z.enum(roles).optional(),
  /** Replaces all of them. */
  attributes: attributesSchema.optional(),
  /** True lets the next sign-in by the identity provider with this verified address become this account. */
  linkable: z.boolean().optional(),
})

/** Body of POST /v1/admin/users/{id}/hand-over. */
export const handOverSchema = z.strictObject({
  /** An active administrator who may use the types of all of them. */
  user_id: z.string().min(1).max(100),
  /** True resumes those that were paused because their owner was deactivated or demoted. */
  resume: z.boolean().default(false),
})

/** Body of POST /v1/admin/scheduled-reports/{id}/owner. */
export const ownerChangeSchema = z.strictObject({
  /** An active administrator who may use the report's type. */
  user_id: z.string().min(1).max(100),
  /** True resumes it, false pauses it; left out, it stays as it is. */
  enabled: z.boolean().optional(),
})
