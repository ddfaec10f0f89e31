/** The secrets that sign and seal, each with those before it: the first of a list is the one in use. */

import type { Environment } from './environment.ts'

type Secrets = readonly [string, ...string[]]

/** Of links in mails. */
export function linkSecrets({
  LINK_SECRET,
  PREVIOUS_LINK_SECRET,
}: Pick<Environment, 'LINK_SECRET' | 'PREVIOUS_LINK_SECRET'>): Secrets {
  return [LINK_SECRET, ...PREVIOUS_LINK_SECRET]
}

/** Of sessions and of cookies. */
export function authSecrets({
  AUTH_SECRET,
  PREVIOUS_AUTH_SECRET,
}: Pick<Environment, 'AUTH_SECRET' | 'PREVIOUS_AUTH_SECRET'>): Secrets {
  return [AUTH_SECRET, ...PREVIOUS_AUTH_SECRET]
}
