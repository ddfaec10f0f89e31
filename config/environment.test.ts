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

  it.each([
    ['https://ville.test/etat/rapports-2/', 'https://ville.test/etat/rapports-2'],
    ['https://ville.test:8443/', 'https://ville.test:8443'],
  ])('takes PUBLIC_URL %s, below a path or not', (given, read) => {
    expect(readEnvironment({ ...least, PUBLIC_URL: given }).PUBLIC_URL).toBe(read)
  })

  it.each([
    ['ftp://ville.test', 'http:'],
    ['https://someone@ville.test', 'user'],
    ['https://ville.test/etat?x=1', 'query'],
    ['https://ville.test/#etat', 'query'],
    ['https://ville.test/état', 'letters'],
    ['https://ville.test/etat//x', 'letters'],
    ['https://ville.test/rapports', '/rapports'],
    ['https://ville.test/v1/x', '/v1'],
  ])('refuses PUBLIC_URL %s, and says why', (given, why) => {
    expect(() => readEnvironment({ ...least, PUBLIC_URL: given })).toThrow(
      new RegExp(`^ {2}PUBLIC_URL: .*${why}`, 'm'),
    )
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
    ['SMTP_ULR', 'smtp://127.0.0.1:25', 'SMTP_URL'],
    ['RECIPIENT_DOMAIN', 'exemple.fr', 'RECIPIENT_DOMAINS'],
    ['REPORT_DIR', '/types', 'REPORTS_DIR'],
    ['LOCAL_WORKRES', '2', 'LOCAL_WORKERS'],
    ['AUTH_SECERT_FILE', '/secret', 'AUTH_SECRET'],
  ])('refuses %s, a misspelt variable, and names the one that was meant', (name, value, meant) => {
    const { SMTP_URL, ...others } = least
    const given = name === 'SMTP_ULR' ? others : { ...others, SMTP_URL }
    const read = () => readEnvironment({ ...given, [name]: value })
    expect(read).toThrow(
      new RegExp(`^  ${name}: is no variable of Rapporteur: did you mean ${meant}\\?$`, 'm'),
    )
  })

  it('leaves variables of other programs alone', () => {
    const others = {
      S3_PORT: '1',
      SMTP_PORT: '25',
      TEMPORAL_HOST: 'a',
      DATABASE_URL_2: 'a',
      SMTP_ULR: 'a',
      TZ: 'x',
    }
    expect(() => readEnvironment({ ...least, ...others, LOG_LEVELS: 'a', LOG_LEVEL: 'info' })).not.toThrow()
  })

  it.each([
    ['MAIL_FROM', 'foo', /^ {2}MAIL_FROM: is no address/m],
    ['MAIL_FROM', 'Rapports <foo>', /^ {2}MAIL_FROM: is no address/m],
    ['MAIL_REPLY_TO', 'foo@', /^ {2}MAIL_REPLY_TO: is no address/m],
    [
      'MAIL_QUOTA_WAITS_SECONDS',
      '1;2',
      /^ {2}MAIL_QUOTA_WAITS_SECONDS: whole seconds .* separated by commas/m,
    ],
    [
      'RECIPIENT_DOMAINS',
      'exemple.fr;exemple.org',
      /^ {2}RECIPIENT_DOMAINS: domains .* separated by commas/m,
    ],
    ['OUTSIDE_RECIPIENT_ROLES', 'admin;user', /^ {2}OUTSIDE_RECIPIENT_ROLES: .* separated by commas/m],
    ['SMTP_URL', 'smtp://u:p/x@h:25', /^ {2}SMTP_URL: .*percent-encode/m],
    ['SMTP_URL', 'smtp://u:12#x@h:25', /^ {2}SMTP_URL: .*percent-encode/m],
    ['SMTP_URL', 'smtp://u:p?x@h:25', /^ {2}SMTP_URL: .*percent-encode/m],
    ['SMTP_URL', 'mail.exemple.fr', /^ {2}SMTP_URL: is no address smtp:/m],
  ])('says in one line what is wrong with %s=%s', (name, value, words) => {
    expect(() => readEnvironment({ ...least, [name]: value })).toThrow(words)
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
