/** The public settings of an installation, readable before sign-in. */

import { z } from 'zod'
import { csvChoicesSchema } from '../csv-options.ts'

export const configurationSchema = z.object({
  /** Whether the organisation's own identity provider can be used besides a password. */
  single_sign_on: z.boolean(),
  /** Whether people sign in by password. */
  password_sign_in: z.boolean(),
  /** Whom « contactez le service informatique » means: an address, a telephone number, a name. */
  support_contact: z.string().nullable(),
  /** Minutes over which the starts of scheduled reports are spread, unless a definition has its own. */
  schedule_spread_minutes: z.int(),
  /** How CSV files are written, over what is usual in the report's language, unless a report has its own. */
  csv: csvChoicesSchema,
})
