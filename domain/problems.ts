/** Problem codes of the API (RFC 9457) and one field's complaint. Codes are stable: clients act on them. */

import type { Localized } from './locale.ts'

/** What is wrong with one field, in every language; `path` in JSON terms, such as `recipients.3`. */
export interface FieldIssue {
  path: string
  message: Localized
}
