/** Message-IDs that are the same on every attempt, so that a mail sent twice by accident is shown once. */

import { createHash } from 'node:crypto'

export interface MessageIdOptions {
  /** The kind of mail, such as `report`, `notice:failed:2`: different mails need different ids. */
  kind?: string
  /**
   * Distinguishes this installation from another with the same sender, for example by its public address: a mailbox
   * must not drop N° 42 of the real installation as a duplicate of N° 42 of a test installation.
   */
  installation?: string
}

/**
 * The Message-ID of one report's mail to one recipient, angle brackets included. Derived, so that each attempt on any
 * worker gives the same id; a digest, so that it does not reveal the address.
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
