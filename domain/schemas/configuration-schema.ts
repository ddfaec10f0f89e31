/** What anybody may know of this installation before signing in. */

import { z } from 'zod'

export const configurationSchema = z.object({
  /** Whether the organisation's own identity provider can be used besides a password. */
  single_sign_on: z.boolean(),
  /** Who « contactez le service informatique » is: an address, a telephone number, a name. */
  support_contact: z.string().nullable(),
  /** Minutes over which the starts of scheduled reports are spread where one does not say otherwise. */
  schedule_spread_minutes: z.int(),
})
