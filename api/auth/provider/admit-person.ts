/** Decides who may come in by the identity provider, and as which account. */

import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Environment } from '#config/environment.ts'
import { personName } from '#domain/schemas/person-name.ts'
import { isEmailAddress } from '#domain/schemas/recipients.ts'
import type { Prisma, PrismaClient, User } from '#prisma/client/client.ts'
import { changeAccounts } from '#services/people/change-accounts.ts'
import { changeRole } from '../../people/change-role.ts'
import { changesBetween, nameOf, type Change } from '#services/audit/record-event.ts'
import { createAccount } from '../create-account.ts'

export type AdmissionRules = Pick<
  Environment,
  | 'OIDC_ISSUER'
  | 'OIDC_EMAIL_VERIFIED_CLAIM'
  | 'OIDC_ALLOWED_DOMAINS'
  | 'OIDC_GROUPS_CLAIM'
  | 'OIDC_ALLOWED_GROUPS'
  | 'OIDC_ADMIN_GROUPS'
  | 'OIDC_ATTRIBUTES'
>

/** Why the person is not let in; the sign-in page has a sentence for each. */
export type Refusal =
  'claims_missing' | 'address_not_verified' | 'not_invited' | 'not_in_group' | 'deactivated'

export type Admission =
  | {
      ok: true
      userId: string
      /** As the audit trail names the person. */
      name: string
      isNew: boolean
      /** Of role and attributes. */
      changes: Change[]
      /** Scheduled reports that were paused. */
      changedDefinitions: string[]
    }
  | { ok: false; reason: Refusal; email: string | null }

/**
 * The account that is bound to this issuer and subject; else, for a verified address only, the account with this
 * address that an administrator invited or allowed to be linked, or a new one where the domains or groups of the
 * configuration say so. Role and attributes follow the claims where the configuration maps them.
 */
export async function admitPerson(
  prisma: PrismaClient,
  given: Readonly<Record<string, unknown>>,
  rules: AdmissionRules,
): Promise<Admission> {
  const claims = readClaims(given, rules)
  if (!claims) return { ok: false, reason: 'claims_missing', email: null }
  const { email } = claims
  const refused = (reason: Refusal): Admission => ({ ok: false, reason, email })
  if (rules.OIDC_ALLOWED_GROUPS.length > 0 && !claims.isInAllowedGroup) return refused('not_in_group')

  // One after another: two first sign-ins at once make one account.
  return await changeAccounts(prisma, async (transaction): Promise<Admission> => {
    const bound = await transaction.account.findUnique({
      where: { providerId_accountId: { providerId: 'oidc', accountId: claims.accountId } },
      select: { user: true },
    })
    const found = bound ? { user: bound.user, isNew: false } : await firstSignIn(transaction, claims, rules)
    if (typeof found === 'string') return refused(found)
    const { user, isNew } = found
    if (user.banned) return refused('deactivated')
    const changedDefinitions = await applyClaims(transaction, user, claims, rules)
    const now = await transaction.user.findUniqueOrThrow({ where: { id: user.id } })
    const changes = changesBetween(user, now, ['role', 'attributes'])
    return { ok: true, userId: user.id, name: nameOf(user), isNew, changes, changedDefinitions }
  })
}

interface Claims {
  /** The issuer and its subject: subjects are unique within one issuer alone. */
  accountId: string
  email: string | null
  isVerified: boolean
  name: string | undefined
  isInAllowedGroup: boolean
  isAdministrator: boolean
  attributes: Readonly<Record<string, string>>
}

async function firstSignIn(
  transaction: Prisma.TransactionClient,
  { accountId, email, isVerified, name, isInAllowedGroup }: Claims,
  { OIDC_ALLOWED_DOMAINS }: AdmissionRules,
): Promise<{ user: User; isNew: boolean } | Refusal> {
  if (email === null) return 'claims_missing'
  if (!isVerified) return 'address_not_verified'
  const existing = await transaction.user.findUnique({ where: { email } })
  if (existing && !existing.linkable) return existing.banned ? 'deactivated' : 'not_invited'
  const isAllowed = isInAllowedGroup || OIDC_ALLOWED_DOMAINS.includes(email.slice(email.lastIndexOf('@') + 1))
  if (!existing && !isAllowed) return 'not_invited'
  const userId =
    existing?.id ??
    (await createAccount(transaction, {
      email,
      name,
      role: 'user',
    }))
  // An administrator allowed it to be linked anew: one identity of the provider for each account.
  await transaction.account.deleteMany({ where: { userId, providerId: 'oidc' } })
  await transaction.account.create({
    data: { id: randomUUID(), providerId: 'oidc', accountId, userId },
  })
  const user = await transaction.user.update({
    where: { id: userId },
    data: {
      linkable: false,
      emailVerified: true,
      joinedAt: existing?.joinedAt ?? new Date(),
      // The invitation's link is used up: the person came in another way.
      passwordLink: { increment: 1 },
    },
  })
  return { user, isNew: !existing }
}

/** @returns the scheduled reports that were paused because the role changed. */
async function applyClaims(
  transaction: Prisma.TransactionClient,
  user: User,
  claims: Claims,
  { OIDC_ADMIN_GROUPS, OIDC_ATTRIBUTES }: AdmissionRules,
): Promise<string[]> {
  if (Object.keys(OIDC_ATTRIBUTES).length > 0) {
    const kept = z.record(z.string(), z.unknown()).catch({}).parse(user.attributes)
    const others = Object.entries(kept).filter(([attribute]) => !(attribute in OIDC_ATTRIBUTES))
    await transaction.user.update({
      where: { id: user.id },
      // A claim that is gone takes its attribute with it: what it opened is closed.
      data: { attributes: { ...Object.fromEntries(others), ...claims.attributes } as Prisma.InputJsonObject },
    })
  }
  if (OIDC_ADMIN_GROUPS.length === 0) return []
  return await changeRole(transaction, user.id, claims.isAdministrator ? 'admin' : 'user', { keepLast: true })
}

const text = z.string().max(1_000)
const texts = z
  .union([text.transform((one) => [one]), z.array(z.unknown()).max(2_000).transform(onlyTexts)])
  .catch([])

function onlyTexts(items: readonly unknown[]): string[] {
  return items.filter((item) => typeof item === 'string')
}

/** @returns null without a subject. What a claim says of a person is bounded like anything a person types. */
function readClaims(given: Readonly<Record<string, unknown>>, rules: AdmissionRules): Claims | null {
  const subject = z.string().min(1).max(255).safeParse(given.sub)
  if (!subject.success || !rules.OIDC_ISSUER) return null
  const email = text.catch('').parse(given.email).trim().toLowerCase()
  const verified = given[rules.OIDC_EMAIL_VERIFIED_CLAIM]
  const groups = new Set(texts.parse(given[rules.OIDC_GROUPS_CLAIM]))
  const attributes = Object.entries(rules.OIDC_ATTRIBUTES).flatMap(([attribute, claim]) => {
    const [value] = texts.parse(given[claim])
    return value === undefined || value === '' ? [] : [[attribute, value] as const]
  })
  return {
    accountId: `${rules.OIDC_ISSUER.replace(/\/+$/, '')} ${subject.data}`,
    email: isEmailAddress(email) ? email : null,
    // Some providers send their booleans as text.
    isVerified: verified === true || verified === 'true' || verified === 1 || verified === '1',
    name: personName.safeParse(given.name).data,
    isInAllowedGroup: rules.OIDC_ALLOWED_GROUPS.some((group) => groups.has(group)),
    isAdministrator: rules.OIDC_ADMIN_GROUPS.some((group) => groups.has(group)),
    attributes: Object.fromEntries(attributes),
  }
}
