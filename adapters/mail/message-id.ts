/** Message-IDs that stay the same on every attempt, so that a mail sent twice by accident is shown once. */

import { createHash } from 'node:crypto'

export interface MessageIdOptions {
  /** What the mail is, such as `report`, `notice:failed:2`: mails that differ need ids that differ. */
  kind?: string
  /**
   * What tells this installation from another with the same sender, such as its public address: N° 42 of a
   * test installation must not pass for N° 42 of the real one, or a mailbox drops one as a duplicate.
   */
  installation?: string
}

/**
 * The Message-ID of one report's mail to one recipient, angle brackets included. Derived, so that each
 * attempt, on any worker, gives the same; a digest, so that nobody reads the address in it.
 * @param domain the part after the @, that of the sender (RFC 5322, 3.6.4)
 */
export function messageIdFor(
  number: number,
  recipient: string,
  domain: string,
  options: MessageIdOptions = {},
): string {
  const { kind = 'report', installation = '' } = options
  const digest = createHash('sha256')
    .update(JSON.stringify([installation, kind, number, recipient.trim().toLowerCase()]))
    .digest('hex')
    .slice(0, 40)
  return `<${digest}@${domain.toLowerCase()}>`
}
