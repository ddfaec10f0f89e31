import { describe, expect, it } from 'vitest'
import { readSmtpSettings, warnWithoutTls } from './smtp-settings.ts'

describe('readSmtpSettings', () => {
  it('reads host, port, credentials and parameters', () => {
    const url =
      'smtp://rapporteur%40ville.fr:p%40ss%3Aw%2F%25@mail.ville.fr:2525?verify_certificate=false&client_name=rapports.ville.fr&socket_timeout=5&send_timeout=0.5'
    expect(readSmtpSettings(url)).toEqual({
      host: 'mail.ville.fr',
      port: 2525,
      implicitTls: false,
      startTls: 'required',
      verifyCertificate: false,
      credentials: { user: 'rapporteur@ville.fr', password: 'p@ss:w/%' },
      clientName: 'rapports.ville.fr',
      timeouts: { connectMs: 30_000, greetingMs: 300_000, socketMs: 5_000, answerMs: 600_000, totalMs: 500 },
    })
  })

  it.each([
    ['smtp://mail.ville.fr', { port: 587, implicitTls: false, startTls: 'offered', credentials: null }],
    ['smtps://mail.ville.fr', { port: 465, implicitTls: true, startTls: 'never' }],
    ['smtp://u:p@mail.ville.fr', { startTls: 'required' }],
    ['smtp://u:p@mail.ville.fr?starttls=offered', { startTls: 'offered' }],
    ['smtp://u:p@127.0.0.1:1025', { startTls: 'offered' }],
    ['smtp://u:p@localhost', { startTls: 'offered' }],
    ['smtp://[::1]:25', { host: '::1', port: 25 }],
    ['smtp://mail.ville.fr?send_timeout=270', { timeouts: expect.objectContaining({ totalMs: 270_000 }) }],
    ['smtp://127.evil.example', { host: '127.evil.example' }],
    ['smtp://u:p@127.evil.example', { startTls: 'required' }],
  ])('%s', (url, expected) => {
    expect(readSmtpSettings(url)).toMatchObject(expected)
  })

  it.each([
    ['mail.ville.fr', 'SMTP_URL'],
    ['http://mail.ville.fr', 'smtp://'],
    ['smtp://', 'server'],
    ['smtp://mail.ville.fr/inbox', 'path'],
    ['smtp://mail.ville.fr?startls=required', 'startls'],
    ['smtp://mail.ville.fr?starttls=yes', 'starttls'],
    ['smtps://mail.ville.fr?starttls=required', 'starttls'],
    ['smtp://mail.ville.fr?verify_certificate=no', 'verify_certificate'],
    ['smtp://mail.ville.fr?socket_timeout=0', 'socket_timeout'],
    ['smtp://mail.ville.fr?socket_timeout=3601', 'socket_timeout'],
    ['smtp://mail.ville.fr?send_timeout=1201', 'send_timeout is at most 1200 seconds'],
    ['smtp://mail.ville.fr?client_name=a%0D%0Ab', 'client_name'],
    ['smtp://user:hunter2%@mail.ville.fr', 'percent-encoded'],
  ])('refuses %s, naming %s and never the password', (url, name) => {
    expect(() => readSmtpSettings(url)).toThrow(name)
    expect(() => readSmtpSettings(url)).not.toThrow('hunter2')
  })

  it('takes the variables before the URL’s parameters', () => {
    const url = 'smtp://u:p@mail.ville.fr?starttls=never&answer_timeout=20&client_name=before.ville.fr'
    const variables = {
      SMTP_STARTTLS: 'required',
      SMTP_CLIENT_NAME: 'rapports.ville.fr',
      SMTP_SEND_TIMEOUT_SECONDS: 60,
    } as const
    expect(readSmtpSettings(url, variables)).toMatchObject({
      startTls: 'required',
      clientName: 'rapports.ville.fr',
      timeouts: { answerMs: 20_000, totalMs: 60_000 },
    })
    expect(() => readSmtpSettings('smtps://mail.ville.fr', variables)).toThrow('SMTP_STARTTLS')
  })
})

it.each([
  ['smtp://mail.ville.fr', {}, /without TLS/],
  ['smtp://inbox:1025', {}, /without TLS/],
  ['smtp://u:p@mail.ville.fr', { SMTP_STARTTLS: 'never' }, /without TLS/],
  ['smtps://u:p@mail.ville.fr', { SMTP_VERIFY_CERTIFICATE: false }, /certificate/],
  ['smtps://u:p@mail.ville.fr', {}, null],
  ['smtp://u:p@mail.ville.fr', {}, null],
  ['smtp://mail.ville.fr', { SMTP_STARTTLS: 'required' }, null],
  ['smtp://127.0.0.1:1025', {}, null],
] as const)('%s with %j warns %s', (url, variables, expected) => {
  const lines: unknown[] = []
  warnWithoutTls(readSmtpSettings(url, variables), { warn: (...line: unknown[]) => lines.push(line[1]) })
  expect(lines).toEqual(expected === null ? [] : [expect.stringMatching(expected)])
})
