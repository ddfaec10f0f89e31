/** What a person's click may mail: to whom, and to how many within an hour. */

import type { Localized } from '#domain/locale.ts'
import { recipientRefusal } from '#domain/schemas/recipients.ts'
import { returnRecipients, takeRecipients } from '#services/recipients/recipient-quota.ts'
import { recipientRulesFor, type Writer } from '#services/recipients/recipient-rules.ts'
import type { Prisma } from '#prisma/client/client.ts'
import type { Person } from '../http/api-env.ts'
import { ApiProblem } from '../http/api-problem.ts'
import type { ApiDeps } from '../deps.ts'

/**
 * For a run by hand: its recipients were written earlier, and the rules may have changed since.
 * @throws ApiProblem 409 `recipients_refused` that names them.
 */
export async function requireAllowedRecipients(
  { prisma, environment }: Pick<ApiDeps, 'prisma' | 'environment'>,
  writer: Writer,
  recipients: readonly string[],
): Promise<void> {
  const rules = await recipientRulesFor(prisma, environment, writer, recipients)
  const refused = recipients.filter((address) => recipientRefusal(address, rules) !== null)
  if (refused.length === 0) return
  const names = refused.join(', ')
  const detail = {
    fr: `Rien ne peut être envoyé à ${names} : les domaines permis, ou le rôle du propriétaire, l’excluent. Retirez ces destinataires, puis recommencez.`,
    en: `Nothing may be sent to ${names}: the allowed domains, or the owner’s role, rule it out. Remove these recipients, then try again.`,
  }
  throw new ApiProblem('recipients_refused', { detail })
}

/**
 * Counts the recipients of a click.
 * @param database a client, or the transaction in which the click's reports are made.
 * @throws ApiProblem 429 `recipient_quota_exceeded` with Retry-After; 422 `too_many_recipients` when the count is above
 * the quota itself.
 */
export async function requireQuota(
  database: Prisma.TransactionClient,
  { environment }: Pick<ApiDeps, 'environment'>,
  person: Pick<Person, 'id' | 'timeZone'>,
  count: number,
): Promise<void> {
  const perHour = environment.RECIPIENTS_PER_HOUR
  const outcome = await takeRecipients(database, person.id, count, perHour)
  if (outcome.ok) return
  const { freeAt, retryAfterSeconds } = outcome
  if (!freeAt) throw new ApiProblem('too_many_recipients', { detail: tooMany(count, perHour) })
  const headers = { 'retry-after': String(retryAfterSeconds) }
  throw new ApiProblem('recipient_quota_exceeded', { detail: exceeded(perHour, freeAt, person), headers })
}

/** For a click that did nothing after all. */
export function returnQuota(
  { prisma }: Pick<ApiDeps, 'prisma'>,
  person: Pick<Person, 'id'>,
  count: number,
): Promise<void> {
  return returnRecipients(prisma, person.id, count)
}

function tooMany(count: number, perHour: number): Localized {
  return {
    fr: `Ces envois iraient à ${count} destinataires en une fois ; une personne en atteint ${perHour} par heure. Demandez-les en plusieurs fois.`,
    en: `This would be sent to ${count} recipients at once; a person reaches ${perHour} per hour. Ask for it in parts.`,
  }
}

function exceeded(perHour: number, freeAt: Date, { timeZone }: Pick<Person, 'timeZone'>): Localized {
  // The minute that has not begun yet.
  const minute = new Date(Math.ceil(freeAt.getTime() / 60_000) * 60_000)
  const clock = new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit', timeZone }).format(
    minute,
  )
  return {
    fr: `Une personne fait écrire à ${perHour} destinataires par heure au plus, et cet envoi dépasserait ce nombre. C’est possible de nouveau à partir de ${clock}.`,
    en: `A person may have ${perHour} recipients per hour written to, and this would exceed it. It is possible again from ${clock}.`,
  }
}
