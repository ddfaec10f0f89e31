/** The people a report is mailed to. */

import { z } from 'zod'
import type { Localized } from '../locale.ts'
import type { FieldIssue } from '../problems.ts'
import { localizedIssue } from './bounded-text.ts'

export const maxRecipients = 100
/** Of a list that repeats itself. */
const maxAddressesGiven = 10 * maxRecipients

/**
 * What mail servers take in practice: an unquoted local part of at most 64 characters, a domain of at least two
 * labels. Stricter than RFC 5321 (no quoted local parts, no address literals, ASCII only: nodemailer would
 * need SMTPUTF8 of every server on the way), so that a typing mistake is caught before a mail bounces. Nor what some
 * servers read as a route to another address (`victim%elsewhere`, `elsewhere!victim`, X.400's slashes), which would
 * pass by the rules about domains, or as a program, a file or an option (`|`, a backquote, `/`, a leading `-`).
 */
const localPart = /^(?!-)[A-Za-z0-9#$&'*+=?^_{}~-]+(\.[A-Za-z0-9#$&'*+=?^_{}~-]+)*$/
const domainLabel = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

export function isEmailAddress(text: string): boolean {
  if (text.length > 254) return false
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0))
  const labels = text.slice(at + 1).split('.')
  const topLevel = labels.at(-1) ?? ''
  return (
    local.length > 0 &&
    local.length <= 64 &&
    localPart.test(local) &&
    labels.length >= 2 &&
    labels.every((label) => domainLabel.test(label)) &&
    /[A-Za-z]/.test(topLevel) &&
    topLevel.length >= 2
  )
}

const notAnAddress: Localized = {
  fr: 'N’est pas une adresse électronique, par exemple nom@exemple.fr.',
  en: 'Is not an email address, such as name@example.com.',
}

const tooMany: Localized = {
  fr: `Au plus ${maxRecipients} adresses différentes.`,
  en: `At most ${maxRecipients} different addresses.`,
}

export const emailSchema = z
  .string()
  .trim()
  .max(320)
  .superRefine((text, context) => {
    if (!isEmailAddress(text)) context.addIssue(localizedIssue(notAnAddress))
  })
  .meta({ format: 'email', examples: ['nom@exemple.fr'] })

/**
 * 1 to 100 different addresses, trimmed; the same address twice, whatever its capitals, counts once and the first spelling
 * stays: a pasted list often repeats itself, which does no harm.
 */
export const recipientsSchema = z
  .array(emailSchema)
  .min(1)
  .max(maxAddressesGiven)
  .transform((addresses) => mergeAddresses(addresses))
  .superRefine((addresses, context) => {
    if (addresses.length > maxRecipients) context.addIssue(localizedIssue(tooMany))
  })

/** The addresses without repetitions, whatever their capitals and the spaces around them; the first spelling is kept. */
export function mergeAddresses(addresses: readonly string[]): string[] {
  const byLowerCase = new Map<string, string>()
  for (const given of addresses) {
    const address = given.trim()
    const key = address.toLowerCase()
    if (!byLowerCase.has(key)) byLowerCase.set(key, address)
  }
  return [...byLowerCase.values()]
}

export function includesAddress(addresses: readonly string[], address: string): boolean {
  return addresses.some((one) => isSameAddress(one, address))
}

/** Compares without case: in practice no two mailboxes differ in case alone. */
export function isSameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** Who may be written to; all in lower case. */
export interface RecipientRules {
  /** RECIPIENT_DOMAINS: no other domain, whoever writes; empty: any. */
  allowedDomains: readonly string[]
  /** The organisation's own domains. A subdomain is another domain. */
  ownDomains: readonly string[]
  /** Addresses that count as inside whatever their domain: those of active accounts. */
  accounts: ReadonlySet<string>
  mayWriteOutside: boolean
  /** The writer's own address: it is always allowed, since they can download the file anyway. */
  ownAddress: string
}

export type RecipientRefusal = 'not_an_address' | 'not_allowed' | 'outside'

/** Why this address may not be written to, or null. */
export function recipientRefusal(address: string, rules: RecipientRules): RecipientRefusal | null {
  // A route such as victim%elsewhere@… would pass by the rules about domains.
  if (!isEmailAddress(address)) return 'not_an_address'
  if (isSameAddress(address, rules.ownAddress)) return null
  const domain = domainOf(address)
  if (rules.allowedDomains.length > 0 && !rules.allowedDomains.includes(domain)) return 'not_allowed'
  if (rules.mayWriteOutside || rules.ownDomains.includes(domain)) return null
  return rules.accounts.has(address.toLowerCase()) ? null : 'outside'
}

/** In lower case. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

/** Each recipient that is refused, with its place and what can be done. */
export function recipientIssues(recipients: readonly string[], rules: RecipientRules): FieldIssue[] {
  return recipients.flatMap((address, index) => {
    const refusal = recipientRefusal(address, rules)
    return refusal ? [{ path: `recipients.${index}`, message: sentenceOf(refusal, address, rules) }] : []
  })
}

function sentenceOf(
  refusal: RecipientRefusal,
  address: string,
  { allowedDomains }: RecipientRules,
): Localized {
  const domain = domainOf(address)
  switch (refusal) {
    case 'not_an_address':
      return notAnAddress
    case 'not_allowed': {
      const allowed = allowedDomains.join(', ')
      return {
        fr: `Les rapports ne peuvent être envoyés à ${domain} ; domaines permis : ${allowed}.`,
        en: `Reports may not be sent to ${domain}; allowed domains: ${allowed}.`,
      }
    }
    case 'outside':
      return {
        fr: `Votre rôle ne permet pas d’écrire à ${domain}, hors de l’organisation. Demandez cet envoi à un administrateur.`,
        en: `Your role may not write to ${domain}, outside the organisation. Ask an administrator to send it.`,
      }
  }
}
