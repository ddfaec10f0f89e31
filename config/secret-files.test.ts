import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readEnvironment } from './environment.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapporteur-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const needed = {
  DATABASE_URL: 'postgresql://rapporteur@127.0.0.1/a',
  SOURCE_DATABASE_URL: 'postgresql://127.0.0.1/b',
  S3_BUCKET: 'reports',
  S3_ACCESS_KEY_ID: 'reports',
  S3_SECRET_ACCESS_KEY: 'secret',
  SMTP_URL: 'smtp://127.0.0.1',
}
const secret = 'a-secret-of-more-than-thirty-two-characters'

describe('a secret', () => {
  it.each([
    ['AUTH_SECRET', secret],
    ['LINK_SECRET', secret],
    ['OIDC_CLIENT_SECRET', secret],
    ['DATABASE_URL', 'postgresql://u:p@h/d'],
    ['SOURCE_DATABASE_URL', 'postgresql://u:p@h/d'],
    ['TEMPORAL_API_KEY', secret],
    ['S3_ACCESS_KEY_ID', 'key'],
    ['S3_SECRET_ACCESS_KEY', secret],
    ['SMTP_URL', 'smtps://u:p@h'],
  ])('%s may be in a file, whose last newline is left out', (name, value) => {
    const oidc = { OIDC_ISSUER: 'https://sso.test', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y' }
    const { [name as keyof typeof needed]: _absent, ...others } = { ...needed, ...oidc }
    for (const text of [value, `${value}\n`, `${value}\r\n`]) {
      const environment = readEnvironment({ ...others, [`${name}_FILE`]: file(name, text) })
      expect(environment).toMatchObject({ [name]: value })
    }
  })

  it('is part of an address, from a file too', () => {
    const password = 'p@s/w?#%'
    const environment = readEnvironment({
      ...needed,
      DATABASE_PASSWORD_FILE: file('password', `${password}\n`),
      SOURCE_DATABASE_PASSWORD: password,
    })
    expect(environment.DATABASE_URL).toBe(
      `postgresql://rapporteur:${encodeURIComponent(password)}@127.0.0.1/a`,
    )
    expect(environment.SOURCE_DATABASE_URL).toBe(`postgresql://:${encodeURIComponent(password)}@127.0.0.1/b`)
  })

  it.each([
    [{ AUTH_SECRET: secret, AUTH_SECRET_FILE: 'x' }, /AUTH_SECRET: is set, and so is AUTH_SECRET_FILE/],
    [{ AUTH_SECRET_FILE: '/nowhere' }, /AUTH_SECRET_FILE: \/nowhere cannot be read \(ENOENT\)/],
    [{ AUTH_SECRET_FILE: tmpdir() }, /AUTH_SECRET_FILE: .* cannot be read \(EISDIR\)/],
    [
      { DATABASE_URL: 'postgresql://u:x@h/d', DATABASE_PASSWORD: 'y' },
      /DATABASE_URL: has a password already/,
    ],
    [
      { DATABASE_URL: 'postgresql://h/d?sslmode=verify-full&sslrootcert=/no.pem' },
      /DATABASE_URL: sslrootcert=\/no.pem cannot be read/,
    ],
  ])('is refused with its name: %j', (variables, message) => {
    expect(() => readEnvironment({ ...needed, ...variables })).toThrow(message)
  })

  it('is refused when its file is empty', () => {
    const variables = { ...needed, LINK_SECRET_FILE: file('empty', '\n') }
    expect(() => readEnvironment(variables)).toThrow(/LINK_SECRET_FILE: .* is empty/)
  })

  it('is none where the name is no secret’s: other files are told by their path', () => {
    expect(
      readEnvironment({ ...needed, MAIL_FROM_FILE: '/nowhere', TEMPORAL_TLS_KEY_FILE: '/key' }),
    ).toMatchObject({
      TEMPORAL_TLS_KEY_FILE: '/key',
    })
  })
})
