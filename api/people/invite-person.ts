/** Invites a person: their account is there at once, and the mail's link lets them choose a password, once. */

import type { Role } from '#domain/schemas/me-schema.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { ApiProblem, notFound } from '../http/api-problem.ts'
import { createAccount } from '../auth/create-account.ts'
import { writeAccountMail } from './account-mails.ts'
import { recordEvent, type Actor } from '#services/audit/record-event.ts'
import { changeAccounts, personSubject } from '#services/people/change-accounts.ts'

export interface Invitation {
  email: string
  /** The part of the address before "@" unless given. */
  name?: string
  role: Role
  attributes: Readonly<Record<string, string>>
  locale: string
}

/** `invitedBy` is the name in the mail, empty when no person invites. */
export type Inviter = Actor & { invitedBy: string }

/**
 * The same address at the identity provider, verified, opens the account as well.
 * @returns the account's id; the caller starts the notices.
 * @throws ApiProblem 409 `account_exists`.
 */
export async function invitePerson(
  prisma: PrismaClient,
  invitation: Invitation,
  by: Inviter,
): Promise<string> {
  return await changeAccounts(prisma, async (transaction) => {
    const email = invitation.email.trim().toLowerCase()
    if (await transaction.user.findUnique({ where: { email } })) throw new ApiProblem('account_exists')
    const id = await createAccount(transaction, { ...invitation, linkable: true })
    await writeAccountMail(transaction, id, 'invitation', by.invitedBy)
    const { role, attributes } = invitation
    await recordEvent(transaction, by, {
      kind: 'person_invited',
      subject: await personSubject(transaction, id),
      details: { role, attributes },
    })
    return id
  })
}

/** Sends the invitation again; the links of before are worth nothing. @throws ApiProblem 404; `already_joined` */
export async function inviteAgain(prisma: PrismaClient, id: string, by: Inviter): Promise<void> {
  await changeAccounts(prisma, async (transaction) => {
    const user = await transaction.user.findUnique({ where: { id } })
    if (!user) throw notFound()
    if (user.banned) throw new ApiProblem('account_deactivated')
    if (user.joinedAt !== null) throw new ApiProblem('already_joined')
    await writeAccountMail(transaction, id, 'invitation', by.invitedBy)
    const subject = await personSubject(transaction, id)
    await recordEvent(transaction, by, { kind: 'person_invited_again', subject })
  })
}
