/** Whom a person may have mailed, by the configuration and the accounts there are now. */

import type { Environment } from '#config/environment.ts'
import { domainOf, recipientRefusal, type RecipientRules } from '#domain/schemas/recipients.ts'
import { roleFrom } from '#domain/viewer.ts'
import type { PrismaClient } from '#prisma/client/client.ts'

export type RecipientVariables = Pick<
  Environment,
  'RECIPIENT_DOMAINS' | 'ORGANISATION_DOMAINS' | 'OUTSIDE_RECIPIENT_ROLES' | 'MAIL_FROM'
>

/** Whom a report belongs to: their role decides, whoever clicks. */
export interface Writer {
  email: string
  role: string
}

/**
 * The rules for these recipients. Asked at write, at a run by hand and before each mail, so that a change of the
 * configuration, of a role or of an account holds for mails that wait.
 */
export async function recipientRulesFor(
  prisma: Pick<PrismaClient, 'user'>,
  variables: RecipientVariables,
  writer: Writer,
  recipients: readonly string[],
): Promise<RecipientRules> {
  const rules = {
    allowedDomains: variables.RECIPIENT_DOMAINS,
    ownDomains: ownDomains(variables),
    accounts: new Set<string>(),
    mayWriteOutside: variables.OUTSIDE_RECIPIENT_ROLES.includes(roleFrom(writer.role)),
    ownAddress: writer.email,
  }
  const outside = recipients.filter((address) => recipientRefusal(address, rules) === 'outside')
  if (outside.length === 0) return rules
  const found = await prisma.user.findMany({
    where: { email: { in: outside.flatMap((one) => [one, one.toLowerCase()]) }, banned: false },
    select: { email: true },
  })
  return { ...rules, accounts: new Set(found.map(({ email }) => email.toLowerCase())) }
}

/**
 * Those that are configured; else those that recipients may have, which an operator chose; else the domain that mails
 * are sent from.
 */
function ownDomains(variables: RecipientVariables): readonly string[] {
  if (variables.ORGANISATION_DOMAINS.length > 0) return variables.ORGANISATION_DOMAINS
  if (variables.RECIPIENT_DOMAINS.length > 0) return variables.RECIPIENT_DOMAINS
  // `address` or `Name <address>`: the worker ends its start when it is neither.
  return [domainOf(variables.MAIL_FROM.replace(/>\s*$/, '').trim())]
}
