/** What a production configuration may not hold: secrets that others know or guess, and addresses without TLS. */

import { readPostgresAddress } from './postgres-address.ts'
import { demoMailDomain, isDemoValue } from './demo-values.ts'

/** A variable, and what to do about it. Values are never shown: the message ends in logs. */
export interface Fault {
  name: string
  message: string
}

type Given = Readonly<Record<string, string | undefined>>

/** As given by the environment, unparsed, so that they are told together with what does not parse. */
export function productionFaults(given: Given): Fault[] {
  return [
    ...missing(given),
    ...weakSecrets(given),
    ...knownPasswords(given),
    ...(['true', '1'].includes(given['ALLOW_HTTP'] ?? '') ? [] : withoutTls(given)),
    ...demoSender(given),
  ]
}

const howToMakeOne = 'set one of your own: openssl rand -base64 48'

function missing(given: Given): Fault[] {
  const needed = {
    AUTH_SECRET: `, ${howToMakeOne}`,
    LINK_SECRET: `, ${howToMakeOne}`,
    PUBLIC_URL: '',
    MAIL_FROM: '',
  }
  return Object.entries(needed)
    .filter(([name]) => given[name] === undefined)
    .map(([name, how]) => ({ name, message: `is required in production and not set${how}` }))
}

const howToReplace = {
  AUTH_SECRET: howToMakeOne,
  LINK_SECRET: howToMakeOne,
  PREVIOUS_AUTH_SECRET: 'take it out',
  PREVIOUS_LINK_SECRET: 'take it out',
  S3_SECRET_ACCESS_KEY: 'give the storage a key of its own',
}

function weakSecrets(given: Given): Fault[] {
  const faults: Fault[] = []
  for (const [name, how] of Object.entries(howToReplace)) {
    for (const value of given[name]?.split(',') ?? []) {
      if (isDemoValue(value)) faults.push({ name, message: `is the demo’s, which everybody knows: ${how}` })
      else if (value !== '' && isSimple(value)) {
        faults.push({ name, message: `is too simple, of few or repeated characters: ${how}` })
      }
    }
  }
  const { AUTH_SECRET, LINK_SECRET } = given
  if (AUTH_SECRET !== undefined && AUTH_SECRET === LINK_SECRET && faults.length === 0) {
    faults.push({ name: 'LINK_SECRET', message: `is the same as AUTH_SECRET: ${howToMakeOne}` })
  }
  return faults
}

/** Random hexadecimal of 32 characters has eleven different ones or more in all but one of 10,000 cases. */
const minDistinctCharacters = 10

function isSimple(text: string): boolean {
  if (new Set(text).size < minDistinctCharacters) return true
  // A text that repeats a shorter one is found in itself, doubled, before its own end.
  return (text + text).indexOf(text, 1) < text.length
}

const commonPasswords = new Set([
  'postgres',
  'password',
  'passw0rd',
  'changeme',
  'secret',
  'admin',
  'root',
  '123456',
])

function knownPasswords(given: Given): Fault[] {
  return ['DATABASE_URL', 'SOURCE_DATABASE_URL', 'SMTP_URL'].flatMap((name) => {
    const { user, password = '' } = accountIn(given[name] ?? '')
    if (password === '') return []
    const how = 'change it there and here'
    if (isDemoValue(password))
      return [{ name, message: `has the demo’s password, which everybody knows: ${how}` }]
    const isKnown = commonPasswords.has(password.toLowerCase()) || password === user
    return isKnown ? [{ name, message: `has a password that everybody knows: ${how}` }] : []
  })
}

function withoutTls(given: Given): Fault[] {
  // Unset, browsers are sent to S3_ENDPOINT; without that too, to AWS.
  const files = given['S3_PUBLIC_ENDPOINT'] ?? given['S3_ENDPOINT']
  const carried = {
    PUBLIC_URL: [given['PUBLIC_URL'], 'sessions and passwords'],
    S3_PUBLIC_ENDPOINT: [files, 'files'],
    OIDC_ISSUER: [given['OIDC_ISSUER'], 'who signs in'],
    SMTP_OAUTH_TOKEN_URL: [given['SMTP_OAUTH_TOKEN_URL'], 'the mail server’s token'],
  } as const
  return Object.entries(carried)
    .filter(([, [address]]) => address?.toLowerCase().startsWith('http:'))
    .map(([name, [, what]]) => ({
      name,
      message:
        `in production set an https: address, since ${what} would pass in the clear; ` +
        'ALLOW_HTTP=true allows http: on a closed network',
    }))
}

function demoSender(given: Given): Fault[] {
  if (!given['MAIL_FROM']?.includes(`@${demoMailDomain}`)) return []
  return [
    { name: 'MAIL_FROM', message: 'is the demo’s, whose domain does not exist: set an address of your own' },
  ]
}

function accountIn(address: string): { user?: string; password?: string } {
  try {
    if (address.startsWith('postgres')) return readPostgresAddress(address)
    const { username, password } = new URL(address)
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) }
  } catch {
    // Told as what does not parse.
    return {}
  }
}
