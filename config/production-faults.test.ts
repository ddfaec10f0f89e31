import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readEnvironment } from './environment.ts'

const secret = () => randomBytes(36).toString('base64')
const sound = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://rapports.exemple.fr',
  AUTH_SECRET: secret(),
  LINK_SECRET: secret(),
  DATABASE_URL: 'postgresql://rapporteur:Tx9-hUq2kkQw@db.exemple.fr/rapporteur',
  SOURCE_DATABASE_URL: 'postgresql://reader:w7Lq_p03mNab@db.exemple.fr/till',
  S3_BUCKET: 'rapports',
  S3_ENDPOINT: 'http://storage:7070',
  S3_PUBLIC_ENDPOINT: 'https://files.exemple.fr',
  S3_ACCESS_KEY_ID: 'rapporteur',
  S3_SECRET_ACCESS_KEY: secret(),
  SMTP_URL: 'smtps://rapports:aB3-xyz-9Qt@mail.exemple.fr:465',
  MAIL_FROM: 'Rapports <rapports@exemple.fr>',
}

function faults(change: Record<string, string>): string {
  try {
    readEnvironment({ ...sound, ...change })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

it('a sound production configuration is taken; hexadecimal secrets too', () => {
  expect(faults({})).toBe('')
  expect(faults({ AUTH_SECRET: randomBytes(32).toString('hex') })).toBe('')
})

describe('production refuses, by name,', () => {
  const demo = 'demo-auth-secret-not-for-production-0123456789'
  const cases: [what: string, change: Record<string, string>, line: RegExp][] = [
    ['a secret of one letter', { AUTH_SECRET: 'a'.repeat(40) }, /AUTH_SECRET: is too simple/],
    [
      'a secret of one repeated word',
      { LINK_SECRET: 'rapporteur12'.repeat(4) },
      /LINK_SECRET: is too simple/,
    ],
    ['a secret of few letters', { AUTH_SECRET: 'abcabcbacbacbacbacbabcabcbacbabcbabcabcb' }, /AUTH_SECRET/],
    ['equal secrets', { AUTH_SECRET: sound.LINK_SECRET }, /LINK_SECRET: is the same as AUTH_SECRET/],
    ['no secret', { AUTH_SECRET: '' }, /AUTH_SECRET: is required in production.*openssl rand/],
    ['a demo secret', { AUTH_SECRET: demo }, /AUTH_SECRET: is the demo’s/],
    ['a demo secret under the other name', { LINK_SECRET: demo }, /LINK_SECRET: is the demo’s/],
    ['a demo secret as a storage key', { S3_SECRET_ACCESS_KEY: demo }, /S3_SECRET_ACCESS_KEY: is the demo’s/],
    [
      'the demo’s storage key',
      { S3_SECRET_ACCESS_KEY: 'rapporteur-local-storage' },
      /S3_SECRET_ACCESS_KEY: is the demo’s/,
    ],
    [
      'the demo’s database password',
      { DATABASE_URL: 'postgresql://rapporteur:rapporteur@db/rapporteur' },
      /DATABASE_URL: has the demo’s password/,
    ],
    [
      'the demo’s reader',
      { SOURCE_DATABASE_URL: 'postgresql://rapporteur_reader:rapporteur-reader@db/till' },
      /SOURCE_DATABASE_URL: has the demo’s password/,
    ],
    [
      'a password that every attacker tries first',
      { SOURCE_DATABASE_URL: 'postgresql://postgres:postgres@db/till' },
      /SOURCE_DATABASE_URL: has a password that everybody knows/,
    ],
    [
      'a password that is the user’s name',
      { SMTP_URL: 'smtps://rapports:rapports@mail.exemple.fr' },
      /SMTP_URL: has a password that everybody knows/,
    ],
    [
      'the demo’s password, percent-encoded',
      { DATABASE_URL: 'postgresql://rapporteur:r%61pporteur@db/rapporteur' },
      /DATABASE_URL: has the demo’s password/,
    ],
    ['http', { PUBLIC_URL: 'http://rapports.exemple.fr' }, /PUBLIC_URL: .*https:.*ALLOW_HTTP/],
    ['http for files', { S3_PUBLIC_ENDPOINT: 'http://files.exemple.fr' }, /S3_PUBLIC_ENDPOINT: .*https:/],
    ['http for files, by the inner address', { S3_PUBLIC_ENDPOINT: '' }, /S3_PUBLIC_ENDPOINT: .*https:/],
    [
      'an identity provider by http',
      { OIDC_ISSUER: 'http://id.exemple.fr', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' },
      /OIDC_ISSUER: .*https:/,
    ],
    ['the demo’s sender', { MAIL_FROM: 'Rapporteur <rapporteur@rapporteur.test>' }, /MAIL_FROM: /],
    ['no sender', { MAIL_FROM: '' }, /MAIL_FROM: is required in production/],
  ]
  it.each(cases)('%s', (_what, change, line) => {
    const lines = faults(change).split('\n').slice(1, -1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(line)
  })

  it('all of them at once, with what is wrong elsewhere', () => {
    const text = faults({
      PORT: 'eighty',
      PUBLIC_URL: 'http://rapports.exemple.fr',
      AUTH_SECRET: 'b'.repeat(32),
      LINK_SECRET: 'b'.repeat(32),
      S3_SECRET_ACCESS_KEY: 'rapporteur-local-storage',
      DATABASE_URL: 'postgresql://rapporteur:rapporteur@db/rapporteur',
      SMTP_URL: '',
      OIDC_CLIENT_ID: 'rapporteur',
    })
    const named = [...text.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name)
    const all =
      'AUTH_SECRET DATABASE_URL LINK_SECRET OIDC_CLIENT_SECRET OIDC_ISSUER PORT PUBLIC_URL S3_SECRET_ACCESS_KEY SMTP_URL'
    expect(named.toSorted().join(' ')).toBe(all)
    // What is refused is not shown: the message ends in logs.
    expect(text).not.toMatch(/bbbb|local-storage|rapporteur:rapporteur/)
  })
})

it('a closed network may allow http, explicitly', () => {
  expect(faults({ PUBLIC_URL: 'http://rapports.local', ALLOW_HTTP: 'true' })).toBe('')
  expect(faults({ S3_PUBLIC_ENDPOINT: 'http://files.local', ALLOW_HTTP: 'true' })).toBe('')
})

it('AWS itself needs no endpoint', () => {
  expect(faults({ S3_ENDPOINT: '', S3_PUBLIC_ENDPOINT: '' })).toBe('')
})

it('outside production none of it is asked', () => {
  expect(
    faults({
      NODE_ENV: 'development',
      PUBLIC_URL: 'http://localhost:3000',
      AUTH_SECRET: '',
      LINK_SECRET: '',
      MAIL_FROM: '',
      DATABASE_URL: 'postgresql://rapporteur:rapporteur@127.0.0.1/rapporteur',
      S3_SECRET_ACCESS_KEY: 'rapporteur-local-storage',
      S3_PUBLIC_ENDPOINT: '',
    }),
  ).toBe('')
})
