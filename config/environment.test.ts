import { describe, expect, it } from 'vitest'
import { csvChoicesOf } from './csv-variables.ts'
import { EnvironmentError, readEnvironment } from './environment.ts'

const least = {
  DATABASE_URL: 'postgresql://127.0.0.1/a',
  SOURCE_DATABASE_URL: 'postgresql://127.0.0.1/b',
  S3_BUCKET: 'a',
  S3_ACCESS_KEY_ID: 'a',
  S3_SECRET_ACCESS_KEY: 'a',
  SMTP_URL: 'smtp://127.0.0.1:25',
}

describe('readEnvironment', () => {
  it('reads domains in lower case, and roles', () => {
    const environment = readEnvironment({
      ...least,
      ORGANISATION_DOMAINS: 'Exemple.fr, xn--bcher-kva.example',
      OUTSIDE_RECIPIENT_ROLES: 'admin, user',
    })
    expect(environment.ORGANISATION_DOMAINS).toEqual(['exemple.fr', 'xn--bcher-kva.example'])
    expect(environment.OUTSIDE_RECIPIENT_ROLES).toEqual(['admin', 'user'])
    expect(readEnvironment(least)).toMatchObject({
      ORGANISATION_DOMAINS: [],
      OUTSIDE_RECIPIENT_ROLES: ['admin'],
    })
  })

  it('reads how CSV files are written, and knows what was not said', () => {
    const variables = {
      CSV_PRESET: 'rfc4180',
      CSV_SEPARATOR: 'tab',
      CSV_BOM: 'true',
      CSV_NULL_TEXT: '\\N',
      CSV_GZIP: '',
    }
    expect(csvChoicesOf(readEnvironment({ ...least, ...variables }))).toEqual({
      preset: 'rfc4180',
      separator: 'tab',
      bom: true,
      null_text: '\\N',
    })
    expect(csvChoicesOf(readEnvironment(least))).toEqual({})
  })

  it('takes the storage without keys', () => {
    const { S3_ACCESS_KEY_ID: _id, S3_SECRET_ACCESS_KEY: _secret, ...keyless } = least
    expect(readEnvironment(keyless)).toMatchObject({ S3_BUCKET: 'a', S3_CHECKSUMS: 'when_required' })
  })

  it.each([
    ['S3_SECRET_ACCESS_KEY', { S3_SECRET_ACCESS_KEY: undefined }],
    ['S3_KMS_KEY_ID', { S3_KMS_KEY_ID: 'key', S3_ENCRYPTION: 'AES256' }],
    ['SMTP_OAUTH_CLIENT_ID', { SMTP_OAUTH_TOKEN_URL: 'https://login.test/token' }],
    [
      'SMTP_OAUTH_CLIENT_SECRET',
      { SMTP_OAUTH_TOKEN_URL: 'https://login.test/token', SMTP_OAUTH_CLIENT_ID: 'a' },
    ],
    ['SMTP_URL', { SMTP_OAUTH_TOKEN_URL: 'https://login.test/token' }],
    ['SMTP_URL', { SMTP_OAUTH_TOKEN_URL: 'https://login.test/token', SMTP_URL: 'smtp://a:secret@127.0.0.1' }],
  ])('names %s, which another variable needs or excludes', (name, given) => {
    const read = () => readEnvironment({ ...least, ...given })
    expect(read).toThrow(new RegExp(`^  ${name}: `, 'm'))
    expect(read).not.toThrow('secret@')
  })

  it.each([
    ['S3_ADDRESSING', 'host'],
    ['S3_STORAGE_CLASS', 'DEEP_ARCHIVE'],
    ['REPORT_FILE_LIMIT_MB', '50001'],
    ['SMTP_OAUTH_TOKEN_URL', 'login.test/token'],
    ['ORGANISATION_DOMAINS', '@exemple.fr'],
    ['RECIPIENT_DOMAINS', 'exemple.fr;exemple.org'],
    ['RECIPIENT_DOMAINS', 'quai@exemple.fr'],
    ['OUTSIDE_RECIPIENT_ROLES', 'administrators'],
    ['RECIPIENTS_PER_HOUR', '0'],
    ['OUTAGE_PATIENCE_MINUTES', '1441'],
    ['OUTAGE_PATIENCE_MINUTES', '-1'],
    ['DELIVERY_RETENTION_DAYS', '7'],
    ['LOG_RETENTION_DAYS', '364'],
    ['NOTICE_RETENTION_DAYS', '1'],
    ['CSV_PRESET', 'excel'],
    ['CSV_SEPARATOR', ':'],
    ['CSV_QUOTING', 'never'],
    ['CSV_BOM', 'yes'],
  ])('refuses %s=%s by its name', (name, value) => {
    const read = () => readEnvironment({ ...least, [name]: value })
    expect(read).toThrow(EnvironmentError)
    expect(read).toThrow(name)
  })
})
