/** The people of an installation, as administrators see them. */

import { z } from 'zod'
import { roles } from './me-schema.ts'

export const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(roles),
  /** False when the account is deactivated: its sessions and API keys open nothing. */
  active: z.boolean(),
  /** How many scheduled reports are theirs … */
  scheduled_reports: z.int(),
  /** … and how many of these are enabled: deactivating the account pauses them. */
  enabled_scheduled_reports: z.int(),
})
export type UserJson = z.infer<typeof userSchema>

/** Body of POST /v1/admin/scheduled-reports/{id}/owner. */
export const ownerChangeSchema = z.strictObject({
  /** An active administrator who may use the report's type. */
  user_id: z.string().min(1).max(100),
  /** True resumes it, false pauses it; left out, it stays as it is. */
  enabled: z.boolean().optional(),
})
