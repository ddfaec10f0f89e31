/** Makes accounts. Nobody makes their own: an administrator, the identity provider's rules or a command does. */

import { randomUUID } from 'node:crypto'
import type { Role } from '#domain/schemas/me-schema.ts'
import type { Prisma } from '#prisma/client/client.ts'
import type { Auth } from './create-auth.ts'

export interface NewAccount {
  email: string
  /** The part of the address before "@" unless given. */
  name?: string
  role: Role
  attributes?: Readonly<Record<string, string>>
  /** See `linkable` in the schema. */
  linkable?: boolean
  locale?: string
}

/** @returns the account's id. @throws Prisma's P2002 when the address has an account. */
export async function createAccount(
  database: Pick<Prisma.TransactionClient, 'user'>,
  { email: given, name, ...account }: NewAccount,
): Promise<string> {
  const id = randomUUID()
  const email = given.trim().toLowerCase()
  await database.user.create({
    data: { id, email, name: name ?? email.slice(0, email.indexOf('@')), ...account },
  })
  return id
}

/** Sets the password of an account that may have none yet; the person has shown to be theirs the address it goes by. */
export async function setPassword(
  database: Pick<Prisma.TransactionClient, 'user' | 'account'>,
  auth: Auth,
  userId: string,
  password: string,
): Promise<void> {
  const hash = await (await auth.$context).password.hash(password)
  await database.account.upsert({
    where: { userId_providerId: { userId, providerId: 'credential' } },
    create: { id: randomUUID(), accountId: userId, providerId: 'credential', userId, password: hash },
    update: { password: hash },
  })
  await database.user.updateMany({ where: { id: userId, joinedAt: null }, data: { joinedAt: new Date() } })
  await database.user.update({ where: { id: userId }, data: { emailVerified: true } })
}
