/** Maps each fault of a mail server, on a real connection, to the failure that a person reads. */

import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { ApplicationFailure } from '@temporalio/common'
import { afterEach, describe, expect, it } from 'vitest'
import type { Mail } from '#adapters/mail/mail-message.ts'
import { createMailer } from '#adapters/mail/mailer.ts'
import { failureSentence, isFailureCode, mailResponseIn, type FailureCode } from '#domain/failures.ts'
import { startMailServer, type MailFault, type MailServerOptions } from '#test/servers/mail-server.ts'
import { asMailFailure, asNoticeFailure } from './activity-failure.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((part) => part.close()))
})

const mail: Mail = {
  to: 'awa@ecole.test',
  subject: 'Rapport N° 42',
  html: '<p>Voici.</p>',
  text: 'Voici.',
  messageId: '<0123456789abcdef@rapporteur.test>',
}
const bytes = Buffer.alloc(300_000, 'rapport;')
const attached: Mail = {
  ...mail,
  attachment: {
    fileName: 'a.csv',
    contentType: 'text/csv',
    content: Readable.from([]),
    sizeBytes: bytes.length,
  },
}

/** The failures of a send to `url`, as a report's mail and as a notice. */
async function outcomes(url: string, message: Mail) {
  const mailer = createMailer({ url, from: 'a@recyclage.test' })
  open.push(mailer)
  const { attachment } = message
  const fresh = attachment
    ? { ...message, attachment: { ...attachment, content: Readable.from([bytes]) } }
    : message
  const error: unknown = await mailer.send(fresh).catch((thrown: unknown) => thrown)
  return [asMailFailure(error, 'fr'), asNoticeFailure(error, 'fr')].map((failure) => {
    if (!(failure instanceof ApplicationFailure)) throw new Error(`Not a failure of ours: ${String(failure)}`)
    const { type, message: sentence, nonRetryable, details, cause } = failure
    if (!type || !isFailureCode(type)) throw new Error(`Not a named failure: ${type}`)
    expect(sentence).toBe(failureSentence(type, 'fr'))
    expect(cause).toBe(error)
    return {
      type,
      nonRetryable: nonRetryable ?? false,
      response: mailResponseIn(details?.[0]),
    }
  })
}

/** Who retries: the engine, or the workflow after a wait of its own. */
type Again = 'engine' | 'workflow' | 'never'

/** Answers of a server: stage, code, text, failure, who retries. */
const answers: [MailFault['at'], number, string, FailureCode, Again][] = [
  ['recipient', 451, '4.7.1 Greylisted', 'mail_deferred', 'workflow'],
  ['recipient', 450, '4.2.0 Mailbox busy', 'mail_deferred', 'workflow'],
  ['recipient', 452, '4.3.1 Too many recipients', 'mail_deferred', 'workflow'],
  ['recipient', 421, '4.7.0 Closing', 'mail_busy', 'workflow'],
  ['connect', 421, '4.3.2 Too many connections', 'mail_busy', 'workflow'],
  ['answer', 554, '5.2.0 SubmissionQuotaExceededException', 'mail_quota', 'workflow'],
  ['sender', 452, '4.3.1 Disk full', 'mail_deferred', 'workflow'],
  ['answer', 451, '4.3.0 Try again', 'mail_deferred', 'workflow'],
  ['recipient', 550, '5.1.1 No such user', 'mail_refused', 'never'],
  ['recipient', 554, '5.7.1 No relaying', 'mail_refused', 'never'],
  ['recipient', 552, '5.2.2 Mailbox full', 'mail_refused', 'never'],
  ['sender', 550, '5.7.1 Not from you', 'mail_sender_refused', 'never'],
  ['sender', 553, '5.1.7 Malformed sender', 'mail_sender_refused', 'never'],
  ['answer', 554, '5.7.1 Looks like spam', 'mail_content_refused', 'never'],
  ['answer', 552, '5.3.4 Too big', 'mail_too_large', 'never'],
  ['connect', 554, '5.7.1 Your machine is on a list', 'mail_unavailable', 'engine'],
  ['recipient', 503, '5.5.1 Bad sequence', 'mail_unavailable', 'engine'],
  ['sender', 530, '5.7.0 Must issue a STARTTLS command first', 'mail_misconfigured', 'never'],
]

/** Timeouts of one second, so that a silent server fails soon. */
const shortTimeouts = 'connect_timeout=1&greeting_timeout=1&socket_timeout=1&answer_timeout=1'
const credentials = { user: 'u', password: 'right' }

const uncertain = { code: 'mail_uncertain', again: 'never' } as const

/** All other faults. */
const misbehaviours: {
  what: string
  fault?: MailFault
  server?: MailServerOptions
  query?: string
  message?: Mail
  code?: FailureCode
  again?: Again
  response?: string
}[] = [
  { what: 'drops at once', fault: { at: 'connect', does: 'drop' }, again: 'workflow' },
  { what: 'drops before DATA', fault: { at: 'recipient', does: 'drop' } },
  { what: 'drops during DATA', fault: { at: 'content', does: 'drop', afterBytes: 1_000 }, message: attached },
  { what: 'drops after DATA', fault: { at: 'answer', does: 'drop' }, ...uncertain },
  {
    what: 'does not greet',
    fault: { at: 'connect', does: 'hold' },
    query: shortTimeouts,
    again: 'workflow',
  },
  { what: 'does not answer MAIL FROM', fault: { at: 'sender', does: 'hold' }, query: shortTimeouts },
  { what: 'does not answer RCPT TO', fault: { at: 'recipient', does: 'hold' }, query: shortTimeouts },
  {
    what: 'stops reading during DATA',
    fault: { at: 'content', does: 'hold', afterBytes: 1_000 },
    query: shortTimeouts,
    message: attached,
    // It all fits in the buffers of the connection, so that the end of it may be on its way.
    ...uncertain,
  },
  {
    what: 'does not answer after DATA',
    fault: { at: 'answer', does: 'hold' },
    query: shortTimeouts,
    ...uncertain,
  },
  { what: 'takes too long in all', fault: { at: 'recipient', does: 'hold' }, query: 'send_timeout=1' },
  { what: 'has an untrusted certificate', server: { tls: 'implicit' }, code: 'mail_tls' },
  {
    what: 'offers no TLS although it is required',
    query: 'starttls=required',
    code: 'mail_tls',
    response: '500 Error: command not recognized',
  },
  {
    what: 'refuses the password',
    server: { credentials },
    code: 'mail_auth',
    response: '535 5.7.8 Authentication credentials invalid',
  },
  {
    what: 'announces a smaller size limit before DATA',
    server: { sizeLimit: 100_000 },
    message: attached,
    code: 'mail_too_large',
    again: 'never',
  },
]

/** Expected for a report's mail and for a notice; a notice's own policy retries all but a refused address, and a mail that perhaps arrived. */
function wanted(type: FailureCode, again: Again, response: string | null) {
  return [
    { type, nonRetryable: again !== 'engine', response },
    { type, nonRetryable: type === 'mail_refused' || type === 'mail_uncertain', response },
  ]
}

describe('a mail server that', () => {
  it.each(answers)('says at %s %i %s: %s', async (at, code, text, type, again) => {
    const server = await startMailServer()
    open.push(server)
    server.inject({ at, does: 'reply', code, text })
    expect(await outcomes(server.url, mail)).toEqual(wanted(type, again, `${code} ${text}`))
  })

  it.each(misbehaviours)('$what', async ({ fault, server: options, query = '', message = mail, ...rest }) => {
    const { code = 'mail_unavailable', again = 'engine', response = null } = rest
    const server = await startMailServer(options)
    open.push(server)
    if (fault) server.inject(fault)
    const url = `${server.url.replace(/:right@/, ':wrong@')}?${query}`
    expect(await outcomes(url, message)).toEqual(wanted(code, again, response))
  })

  it('refuses the connection', async () => {
    const server = await startMailServer()
    await server.close()
    expect(await outcomes(server.url, mail)).toEqual(wanted('mail_unavailable', 'workflow', null))
  })

  it.each([
    ['451 4.3.0 Later', 'mail_deferred', 'workflow'],
    ['554 5.7.1 No', 'mail_content_refused', 'never'],
  ] as const)('answers the command DATA itself with %s: %s', async (answer, type, again) => {
    const replies: [RegExp, string][] = [
      [/EHLO/, '250 ok\r\n'],
      [/MAIL/, '250 ok\r\n'],
      [/RCPT/, '250 ok\r\n'],
      [/DATA/, `${answer}\r\n`],
    ]
    expect(await outcomes(await scripted(replies), mail)).toEqual(wanted(type, again, answer))
  })
})

/** A server that answers each matching line with its reply, in order. */
async function scripted(replies: [RegExp, string][]): Promise<string> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}))
    socket.write('220 hello\r\n')
    socket.on('data', (chunk) => {
      const [expected, answer] = replies[0] ?? [/$^/, '']
      if (!expected.test(chunk.toString('latin1'))) return
      replies.shift()
      socket.write(answer)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  })
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}
