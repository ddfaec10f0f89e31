import { expect, it } from 'vitest'
import { createLogger } from '#config/logger.ts'
import { readEnvironment } from '#config/environment.ts'
import { warnWithoutTls } from './warn-without-tls.ts'

it.each([
  ['smtp://mail.ville.fr', {}, /without TLS/],
  ['smtp://inbox:1025', {}, /without TLS/],
  ['smtp://u:p-9@mail.ville.fr', { SMTP_STARTTLS: 'never' }, /without TLS/],
  ['smtps://u:p-9@mail.ville.fr', { SMTP_VERIFY_CERTIFICATE: 'false' }, /certificate/],
  ['smtps://u:p-9@mail.ville.fr', {}, null],
  ['smtp://u:p-9@mail.ville.fr', {}, null],
  ['smtp://mail.ville.fr', { SMTP_STARTTLS: 'required' }, null],
  ['smtp://127.0.0.1:1025', {}, null],
] as const)('%s with %j warns %s', (SMTP_URL, variables, expected) => {
  const lines: string[] = []
  const logger = createLogger('test', 'silent')
  logger.warn = (_about: object, message?: string) => void lines.push(message ?? '')
  const environment = readEnvironment({
    DATABASE_URL: 'postgresql://127.0.0.1/a',
    SOURCE_DATABASE_URL: 'postgresql://127.0.0.1/b',
    S3_BUCKET: 'b',
    S3_ACCESS_KEY_ID: 'k',
    S3_SECRET_ACCESS_KEY: 's',
    SMTP_URL,
    ...variables,
  })
  warnWithoutTls(environment, logger)
  if (expected === null) expect(lines).toEqual([])
  else expect(lines).toEqual([expect.stringMatching(expected)])
})
