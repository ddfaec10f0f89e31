import { createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startMailServer, type MailServer, type MailServerOptions } from '#test/servers/mail-server.ts'
import { MailError } from './classify-mail-error.ts'
import { createMailer, type Mailer } from './mailer.ts'
import type { Mail } from './mail-message.ts'

const mail: Mail = {
  to: 'awa@ecole.test',
  subject: 'Rapport N° 42 : Élèves « été »',
  html: '<p>Voici le rapport.</p>',
  text: 'Voici le rapport.',
  messageId: '<0123456789abcdef@rapporteur.test>',
}

/** Bytes that cannot be compressed or taken for text; the same every time. */
function noise(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  for (let index = 0, state = 42; index < sizeBytes; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[index] = state >>> 16
  }
  return bytes
}

function attach(content: Readable, sizeBytes?: number): Mail['attachment'] {
  return { fileName: 'élèves.csv', contentType: 'text/csv', content, sizeBytes }
}

/** The error of a failing send; a send that succeeds fails the test. */
async function failure(sending: Promise<unknown>): Promise<MailError> {
  const outcome = await sending.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(outcome instanceof MailError)) throw new Error(`Wanted a MailError, had ${String(outcome)}`)
  return outcome
}

describe('createMailer', () => {
  const open: { close(): Promise<void> }[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map((part) => part.close()))
  })

  async function start(
    options: MailServerOptions = {},
    parameters = '',
  ): Promise<{ server: MailServer; mailer: Mailer }> {
    const server = await startMailServer(options)
    const mailer = createMailer({
      url: `${server.url}?${parameters}`,
      from: 'Rapporteur <rapporteur@recyclage.test>',
      replyTo: 'Aide <aide@recyclage.test>',
    })
    open.push(mailer, server)
    return { server, mailer }
  }

  it.each([
    ['MAIL_FROM', { from: 'Rapporteur' }],
    ['MAIL_FROM', { from: 'a@x.test, b@x.test' }],
    ['MAIL_REPLY_TO', { from: 'a@x.test', replyTo: 'Aide <aide>' }],
    ['MAIL_ENVELOPE_FROM', { from: 'a@x.test', envelopeFrom: 'retours' }],
    ['SMTP_URL', { from: 'a@x.test', url: 'smtp://mail.test?tls=yes' }],
  ])('throws for an invalid %s', (variable, options) => {
    expect(() => createMailer({ url: 'smtp://mail.test', ...options })).toThrow(`${variable}: `)
  })

  describe('a mail that is accepted', () => {
    it('arrives unchanged, and resolves with the server’s reply', async () => {
      const { server, mailer } = await start()
      const bytes = noise(300_000)
      const accepted = await mailer.send({
        ...mail,
        reportNumber: 42,
        unsubscribeUrl: `https://rapporteur.test/u/${'x'.repeat(300)}`,
        attachment: attach(Readable.from([bytes.subarray(0, 99_999), bytes.subarray(99_999)]), bytes.length),
      })
      expect(accepted).toEqual({ messageId: mail.messageId, response: '250 2.0.0 Ok: queued as 0001' })

      const [received] = server.mails
      expect(received).toMatchObject({ from: 'rapporteur@recyclage.test', to: ['awa@ecole.test'] })
      const { parsed, raw } = received!
      expect(parsed.subject).toBe(mail.subject)
      expect(parsed.messageId).toBe(mail.messageId)
      expect(parsed.html).toBe(mail.html)
      expect(parsed.text).toBe(mail.text)
      expect(parsed.from?.text).toBe('"Rapporteur" <rapporteur@recyclage.test>')
      expect(parsed.replyTo?.text).toBe('"Aide" <aide@recyclage.test>')
      expect(parsed.attachments).toHaveLength(1)
      expect(parsed.attachments[0]).toMatchObject({ filename: 'élèves.csv', contentType: 'text/csv' })
      expect(parsed.attachments[0]!.content.equals(bytes)).toBe(true)

      const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n(?=[ \t])/g, '')
      expect(head).toMatch(/^Auto-Submitted: auto-generated$/m)
      expect(head).toMatch(/^Precedence: bulk$/m)
      expect(head).toMatch(/^X-Rapporteur-Report: 42$/m)
      expect(head).toMatch(/^List-Unsubscribe: <https:\/\/rapporteur\.test\/u\/x{300}>$/m)
      expect(head).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m)
      expect(head.toLowerCase()).not.toContain('nodemailer')
      expect(head.toLowerCase()).not.toContain('x-mailer')
      for (const line of raw.split('\r\n')) expect(line.length).toBeLessThan(998)
    })

    it('has no optional header that was not requested', async () => {
      const { server, mailer } = await start()
      await mailer.send(mail)
      expect(server.mails[0]!.raw).not.toMatch(/List-Unsubscribe|X-Rapporteur/)
    })

    it('has the sender or MAIL_ENVELOPE_FROM as its envelope’s sender only', async () => {
      const { server, mailer } = await start()
      await mailer.send(mail)
      const elsewhere = createMailer({
        url: server.url,
        from: 'Rapporteur <rapporteur@recyclage.test>',
        envelopeFrom: 'Retours <retours@recyclage.test>',
      })
      open.push(elsewhere)
      await elsewhere.send(mail)
      expect(server.mails.map(({ from }) => from)).toEqual([
        'rapporteur@recyclage.test',
        'retours@recyclage.test',
      ])
      expect(server.mails[1]!.parsed.from?.text).toBe('"Rapporteur" <rapporteur@recyclage.test>')
      expect(server.mails[1]!.raw).not.toContain('retours@')
      expect(elsewhere.domain).toBe('recyclage.test')
    })

    it('leaves no open connection', async () => {
      const { server, mailer } = await start()
      await Promise.all(
        Array.from({ length: 12 }, (_, index) => mailer.send({ ...mail, to: `r${index}@ecole.test` })),
      )
      expect(new Set(server.mails.flatMap((received) => received.to)).size).toBe(12)
      await mailer.close()
      await expect.poll(() => server.openConnections()).toBe(0)
    })

    it('is safe from header injection', async () => {
      const { server, mailer } = await start()
      await mailer.send({
        ...mail,
        subject: 'Rapport\r\nBcc: pirate@evil.test\r\n\r\n<script>alert(1)</script>\u2028fin',
        headers: { 'X-Name': 'a\r\nBcc: pirate@evil.test' },
        attachment: {
          ...attach(Readable.from([Buffer.from('a;b')]))!,
          fileName: 'x"\r\nBcc: pirate@evil.test.csv',
        },
      })
      expect(server.attempts).toEqual(['awa@ecole.test'])
      const { parsed, raw } = server.mails[0]!
      expect(parsed.bcc).toBeUndefined()
      expect(raw).not.toMatch(/^Bcc:/im)
      expect(parsed.subject).toBe('Rapport Bcc: pirate@evil.test <script>alert(1)</script> fin')
      expect(parsed.attachments[0]!.content.toString()).toBe('a;b')
    })

    it.each([
      '=?utf-8?B?UmFwcG9ydCBkZSBsYSBkaXJlY3Rpb24=?=',
      'Écoles =?utf-8?Q?Payez_ici?= =?utf-8?Q?_vite?=',
      'a=?b et =?c?=',
      `${'x'.repeat(150)} =?utf-8?Q?fin?=`,
    ])('has the subject %j as it was typed', async (subject) => {
      const { server, mailer } = await start()
      await mailer.send({ ...mail, subject })
      const { parsed, raw } = server.mails[0]!
      expect(parsed.subject).toBe(subject)
      const head = raw.slice(0, raw.indexOf('\r\n\r\n'))
      for (const line of head.split('\r\n')) expect(line.length).toBeLessThan(999)
    })

    it.each([
      'a@x.test, b@y.test',
      'a@x.test\r\nRCPT TO:<b@y.test>',
      'Awa <a@x.test>',
      'a@x.test>',
      'awa',
      '',
      'a b@x.test',
      'victim%other.test@x.test',
      'other.test!victim@x.test',
    ])('is refused before sending when %j is not one address', async (to) => {
      const { server, mailer } = await start()
      expect(await failure(mailer.send({ ...mail, to }))).toMatchObject({
        kind: 'permanent',
        code: 'mail_refused',
      })
      expect(server.attempts).toEqual([])
    })
  })

  describe('a server that refuses', () => {
    const cases = [
      ['recipient', 550, '5.1.1 No such user', 'permanent', 'mail_refused', 'RCPT TO'],
      ['recipient', 552, '5.2.2 Mailbox full', 'permanent', 'mail_refused', 'RCPT TO'],
      ['recipient', 451, '4.7.1 Greylisted, come back', 'deferred', 'mail_deferred', 'RCPT TO'],
      ['recipient', 421, '4.7.0 Too many mails', 'deferred', 'mail_busy', 'CONN'],
      ['recipient', 503, '5.5.1 Bad sequence', 'transient', 'mail_unavailable', 'RCPT TO'],
      ['recipient', 530, '5.7.0 Authentication required', 'installation', 'mail_misconfigured', 'RCPT TO'],
      ['sender', 550, '5.7.1 Not from you', 'permanent', 'mail_sender_refused', 'MAIL FROM'],
      ['sender', 530, '5.7.0 Authentication required', 'installation', 'mail_misconfigured', 'MAIL FROM'],
      ['sender', 552, '5.3.4 Too big', 'permanent', 'mail_too_large', 'MAIL FROM'],
      ['sender', 452, '4.3.1 Disk full', 'deferred', 'mail_deferred', 'MAIL FROM'],
      ['answer', 554, '5.7.1 Looks like spam', 'permanent', 'mail_content_refused', 'DATA'],
      ['answer', 552, '5.3.4 Message too big', 'permanent', 'mail_too_large', 'DATA'],
      ['answer', 552, 'Message too big', 'permanent', 'mail_too_large', 'DATA'],
      ['answer', 451, '4.3.0 Try again', 'deferred', 'mail_deferred', 'DATA'],
      ['answer', 421, '4.3.2 Shutting down', 'deferred', 'mail_busy', 'DATA'],
      ['answer', 454, 'Throttling failure: Maximum sending rate exceeded.', 'deferred', 'mail_busy', 'DATA'],
      ['sender', 550, '5.4.5 Daily user sending quota exceeded', 'deferred', 'mail_quota', 'MAIL FROM'],
      ['answer', 554, '5.2.0 SubmissionQuotaExceededException', 'deferred', 'mail_quota', 'DATA'],
      ['answer', 454, 'Throttling failure: Daily message quota exceeded.', 'deferred', 'mail_quota', 'DATA'],
      ['sender', 534, '5.7.9 Use an application password', 'installation', 'mail_misconfigured', 'MAIL FROM'],
      ['recipient', 538, '5.7.11 Encryption needed', 'installation', 'mail_misconfigured', 'RCPT TO'],
    ] as const
    it.each(cases)('at %s with %i %s: %s, %s', async (at, code, text, kind, errorCode, command) => {
      const { server, mailer } = await start()
      server.inject({ at, does: 'reply', code, text })
      const error = await failure(mailer.send(mail))
      expect(error).toMatchObject({
        kind,
        code: errorCode,
        responseCode: code,
        response: `${code} ${text}`,
        command,
      })
      // The server refused: nothing is uncertain.
      expect(error.afterData).toBe(false)
      expect(server.mails).toHaveLength(0)
    })

    it('at the greeting is a transient fault, not the recipient’s', async () => {
      const { server, mailer } = await start()
      server.inject({ at: 'connect', does: 'reply', code: 554, text: '5.7.1 Your address is on a list' })
      expect(await failure(mailer.send(mail))).toMatchObject({
        kind: 'transient',
        code: 'mail_unavailable',
        stage: 'connect',
        responseCode: 554,
      })
    })

    it.each([
      [421, '4.7.0 Too many connections'],
      [450, '4.7.1 Try again later'],
    ])('at the banner with %i %s is later, whoever the recipient is', async (code, text) => {
      const { server, mailer } = await start()
      server.inject({ at: 'connect', does: 'reply', code, text })
      const busy = { kind: 'deferred', code: 'mail_busy', limit: 'connections' }
      expect(await failure(mailer.send(mail))).toMatchObject(busy)
    })

    it.each([
      [432, '4.3.2 Concurrent connections limit exceeded'],
      [451, '4.7.0 Temporary server error'],
      [454, '4.7.0 Temporary authentication failure'],
    ])('at the sign-in with %i %s is later, and no wrong password', async (code, text) => {
      const { server, mailer } = await start({ credentials: { user: 'u', password: 'right' } })
      server.inject({ at: 'login', does: 'reply', code, text })
      const busy = { kind: 'deferred', code: 'mail_busy', limit: 'connections', responseCode: code }
      expect(await failure(mailer.send(mail))).toMatchObject(busy)
    })

    it('affects only the refused recipient, or the first attempt of a greylisted one', async () => {
      const { server, mailer } = await start()
      server.inject({
        at: 'recipient',
        does: 'reply',
        code: 550,
        text: '5.1.1 No',
        recipient: 'parti@ecole.test',
      })
      server.inject({
        at: 'recipient',
        does: 'reply',
        code: 451,
        text: '4.7.1 Later',
        recipient: 'leo@ecole.test',
        times: 1,
      })
      expect((await failure(mailer.send({ ...mail, to: 'parti@ecole.test' }))).kind).toBe('permanent')
      expect((await failure(mailer.send({ ...mail, to: 'leo@ecole.test' }))).kind).toBe('deferred')
      await mailer.send({ ...mail, to: 'leo@ecole.test' })
      await mailer.send(mail)
      expect(server.mails.map((received) => received.to)).toEqual([['leo@ecole.test'], ['awa@ecole.test']])
    })

    it('a size it announced gets no larger mail', async () => {
      const { server, mailer } = await start({ sizeLimit: 100_000 })
      const bytes = noise(200_000)
      const content = Readable.from([bytes])
      const error = await failure(mailer.send({ ...mail, attachment: attach(content, bytes.length) }))
      expect(error).toMatchObject({ kind: 'permanent', code: 'mail_too_large', stage: 'envelope' })
      expect(server.attempts).toEqual([])
      expect(content.destroyed).toBe(true)
    })
  })

  describe('a connection that is lost', () => {
    it.each([
      ['connect', 'connect'],
      ['sender', 'envelope'],
      ['recipient', 'envelope'],
    ] as const)('at %s is transient and certain', async (at, stage) => {
      const { server, mailer } = await start()
      server.inject({ at, does: 'drop' })
      const error = await failure(mailer.send(mail))
      expect(error).toMatchObject({
        kind: 'transient',
        code: 'mail_unavailable',
        stage,
        responseCode: undefined,
      })
      expect(error.afterData).toBe(false)
      expect(server.mails).toHaveLength(0)
    })

    it('while the message is being sent is certain: it was not complete', async () => {
      const { server, mailer } = await start()
      server.inject({ at: 'content', does: 'drop', afterBytes: 50_000 })
      // Endless, so that the final dot cannot have been sent.
      const endless = Readable.from(endlessChunks())
      const error = await failure(mailer.send({ ...mail, attachment: attach(endless) }))
      expect(error).toMatchObject({
        kind: 'transient',
        code: 'mail_unavailable',
        stage: 'content',
        afterData: false,
      })
      expect(endless.destroyed).toBe(true)
      expect(server.mails).toHaveLength(0)
    })

    it.each([true, false])(
      'between the final dot and the answer is uncertain (kept by the server: %s)',
      async (keeps) => {
        const { server, mailer } = await start()
        server.inject({ at: 'answer', does: 'drop', keeps, times: 1 })
        const error = await failure(mailer.send(mail))
        expect(error).toMatchObject({
          kind: 'transient',
          code: 'mail_unavailable',
          stage: 'answer',
          afterData: true,
        })
        await mailer.send(mail)
        // Both mails have the same Message-ID when the server had kept the first.
        expect(server.mails.map(({ parsed }) => parsed.messageId)).toEqual(
          Array(keeps ? 2 : 1).fill(mail.messageId),
        )
      },
    )

    it('is transient when the connection is refused', async () => {
      const { server, mailer } = await start()
      await server.close()
      expect(await failure(mailer.send(mail))).toMatchObject({
        kind: 'transient',
        code: 'mail_unavailable',
        stage: 'connect',
      })
    })
  })

  describe('an attachment that is incomplete', () => {
    /** Ends, fails or closes after 1 MB. */
    async function send(mailer: Mailer, after: (source: Readable) => void, sizeBytes?: number) {
      const source = new Readable({ read() {} })
      source.push(noise(1_000_000))
      const sending = failure(mailer.send({ ...mail, attachment: attach(source, sizeBytes) }))
      return { sending, breakOff: () => after(source) }
    }

    it.each([
      ['fails', (source: Readable) => source.destroy(new Error('storage went away'))],
      ['is closed without an end', (source: Readable) => source.destroy()],
    ])('because it %s: the server accepts nothing', async (_how, after) => {
      const { server, mailer } = await start()
      server.inject({ at: 'content', does: 'hold', afterBytes: 100_000 })
      const { sending, breakOff } = await send(mailer, after)
      await server.struck(1)
      breakOff()
      expect(await sending).toMatchObject({
        kind: 'transient',
        code: 'storage_unavailable',
        stage: 'content',
        afterData: false,
      })
      // The server reads to the end of what was sent, and finds no final dot.
      server.release()
      await expect.poll(() => server.openConnections()).toBe(0)
      expect(server.mails).toHaveLength(0)
    })

    it('because it ends short of its size: the server accepts nothing', async () => {
      const { server, mailer } = await start()
      const { sending, breakOff } = await send(mailer, (source) => source.push(null), 1_000_001)
      breakOff()
      expect(await sending).toMatchObject({
        kind: 'transient',
        code: 'storage_unavailable',
        afterData: false,
      })
      await expect.poll(() => server.openConnections()).toBe(0)
      expect(server.mails).toHaveLength(0)
    })

    it('before the server was reached: the server accepts nothing', async () => {
      const { server, mailer } = await start()
      const source = Readable.from([Buffer.from('x')])
      source.destroy(new Error('never there'))
      expect(await failure(mailer.send({ ...mail, attachment: attach(source) }))).toMatchObject({
        code: 'storage_unavailable',
      })
      expect(server.mails).toHaveLength(0)
    })
  })

  describe('a send that is aborted', () => {
    it.each([
      ['connect', 'connect'],
      ['recipient', 'envelope'],
    ] as const)('at %s closes the connection', async (at, stage) => {
      const { server, mailer } = await start()
      server.inject({ at, does: 'hold' })
      const abort = new AbortController()
      const sending = failure(mailer.send(mail, { signal: abort.signal }))
      await server.struck(1)
      const reason = new Error('cancelled')
      abort.abort(reason)
      expect(await sending).toMatchObject({
        kind: 'transient',
        code: 'mail_interrupted',
        stage,
        afterData: false,
        cause: reason,
      })
      await expect.poll(() => server.openConnections()).toBe(0)
    })

    it('waits for the answer once the server has the whole message', async () => {
      const { server, mailer } = await start()
      server.inject({ at: 'answer', does: 'hold' })
      const abort = new AbortController()
      const sending = mailer.send(mail, { signal: abort.signal })
      await server.struck(1)
      abort.abort()
      server.release()
      expect((await sending).response).toMatch(/^250 /)
      expect(server.mails).toHaveLength(1)
    })

    it('during an attachment delivers nothing', async () => {
      const { server, mailer } = await start()
      server.inject({ at: 'content', does: 'hold', afterBytes: 100_000 })
      const abort = new AbortController()
      const content = Readable.from(endlessChunks())
      const sending = failure(mailer.send({ ...mail, attachment: attach(content) }, { signal: abort.signal }))
      await server.struck(1)
      abort.abort()
      expect(await sending).toMatchObject({ code: 'mail_interrupted', stage: 'content', afterData: false })
      expect(content.destroyed).toBe(true)
      server.release()
      await expect.poll(() => server.openConnections()).toBe(0)
      expect(server.mails).toHaveLength(0)
    })

    it('before it begins opens no connection', async () => {
      const { server, mailer } = await start()
      expect(await failure(mailer.send(mail, { signal: AbortSignal.abort() }))).toMatchObject({
        code: 'mail_interrupted',
      })
      expect(server.attempts).toEqual([])
    })

    it('after it was accepted changes nothing', async () => {
      const { server, mailer } = await start()
      const abort = new AbortController()
      const accepted = await mailer.send(mail, { signal: abort.signal })
      abort.abort()
      expect(accepted.response).toMatch(/^250 /)
      expect(server.mails).toHaveLength(1)
    })
  })

  describe('a server that is slow', () => {
    it.each([
      ['connect', 'greeting_timeout=0.2', 'connect', false],
      ['recipient', 'socket_timeout=0.2', 'envelope', false],
      ['answer', 'answer_timeout=0.2', 'answer', true],
      ['recipient', 'send_timeout=0.3', 'envelope', false],
    ] as const)('at %s fails under %s', async (at, parameters, stage, afterData) => {
      const { server, mailer } = await start({}, parameters)
      server.inject({ at, does: 'hold' })
      expect(await failure(mailer.send(mail))).toMatchObject({
        kind: 'transient',
        code: 'mail_unavailable',
        stage,
        afterData,
      })
      await expect.poll(() => server.openConnections()).toBe(0)
    })

    it('may take longer to greet than to be connected to', async () => {
      const { server, mailer } = await start({}, 'connect_timeout=0.3')
      server.inject({ at: 'connect', does: 'delay', forMs: 1_000 })
      expect((await mailer.send(mail)).response).toMatch(/^250 /)
    })

    it('may take longer for its final reply than for a command', async () => {
      const { server, mailer } = await start({}, 'socket_timeout=0.3')
      server.inject({ at: 'answer', does: 'hold' })
      server.inject({ at: 'recipient', does: 'hold', recipient: 'leo@ecole.test' })
      const sending = mailer.send(mail)
      await server.struck(1)
      // When a send that began later has timed out, this one has waited longer than the command timeout.
      expect(await failure(mailer.send({ ...mail, to: 'leo@ecole.test' }))).toMatchObject({
        stage: 'envelope',
      })
      server.release()
      expect((await sending).response).toMatch(/^250 /)
    })
  })

  describe('the final dot', () => {
    it('is not sent before beforeDot resolves, nor ever when it rejects', async () => {
      const { server, mailer } = await start()
      const bytes = noise(100_000)
      const refusal = new Error('PostgreSQL is away')
      const refused = mailer.send(
        { ...mail, attachment: attach(Readable.from([bytes]), bytes.length) },
        { beforeDot: () => Promise.reject(refusal) },
      )
      await expect(refused).rejects.toBe(refusal)
      await expect.poll(() => server.openConnections()).toBe(0)
      expect(server.mails).toHaveLength(0)

      let mailsBefore = -1
      const beforeDot = async () => {
        // RCPT TO was accepted: the message is on its way.
        expect(server.attempts).toHaveLength(2)
        await new Promise((resolve) => setTimeout(resolve, 100))
        mailsBefore = server.mails.length
      }
      await mailer.send(mail, { beforeDot })
      expect(mailsBefore).toBe(0)
      expect(server.mails).toHaveLength(1)
    })
  })

  describe('a line', () => {
    it('sends several mails over one connection, and a new one after a fault', async () => {
      const { server, mailer } = await start()
      const line = mailer.openLine()
      expect(line.isWarm).toBe(false)
      for (const to of ['a@ecole.test', 'b@ecole.test', 'c@ecole.test']) await line.send({ ...mail, to })
      expect(line.isWarm).toBe(true)
      expect([server.connections(), server.mails.length]).toEqual([1, 3])

      server.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', times: 1 })
      expect((await failure(line.send(mail))).code).toBe('mail_refused')
      expect(line.isWarm).toBe(false)
      await line.send(mail)
      expect([server.connections(), server.mails.length]).toEqual([2, 4])
      await line.close()
      await expect.poll(() => server.openConnections()).toBe(0)
    })
  })

  describe('EHLO', () => {
    it.each([
      ['https://rapports.ville.fr', undefined, 'rapports.ville.fr'],
      ['https://rapports.ville.fr', 'relais.ville.fr', 'relais.ville.fr'],
      ['https://rapports.ville.fr.:8443', undefined, 'rapports.ville.fr'],
      ['http://192.0.2.7:3000', undefined, '[192.0.2.7]'],
      ['http://[2001:db8::7]:3000', undefined, '[IPv6:2001:db8::7]'],
    ])('with PUBLIC_URL %s and SMTP_CLIENT_NAME %s says %s', async (publicUrl, clientName, said) => {
      const server = await startMailServer()
      const mailer = createMailer({
        url: server.url,
        smtp: { SMTP_CLIENT_NAME: clientName },
        from: 'a@recyclage.test',
        publicUrl,
      })
      open.push(mailer, server)
      await mailer.send(mail)
      expect(server.mails[0]!.helo.toLowerCase()).toBe(said.toLowerCase())
    })

    it.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
      'with PUBLIC_URL %s, which names this machine, is left to the machine’s name',
      async (publicUrl) => {
        const { server } = await start()
        const mailer = createMailer({ url: server.url, from: 'a@recyclage.test', publicUrl })
        open.push(mailer)
        await mailer.send(mail)
        expect(server.mails[0]!.helo).not.toMatch(/^localhost|::1/)
      },
    )
  })

  describe('List-Unsubscribe', () => {
    it.each([
      ['https://rapports.test/u/x', undefined, '<https://rapports.test/u/x>', true],
      ['http://rapports.test/u/x', undefined, '<http://rapports.test/u/x>', false],
      [
        'http://rapports.test/u/x',
        'desabonnement@ville.fr',
        '<http://rapports.test/u/x>, <mailto:desabonnement@ville.fr?subject=unsubscribe%20%3C0123456789abcdef%40rapporteur.test%3E>',
        false,
      ],
    ])(
      'of %s with the address %s, and one click only over https',
      async (unsubscribeUrl, address, value, oneClick) => {
        const { server } = await start()
        const mailer = createMailer({
          url: server.url,
          from: 'a@recyclage.test',
          unsubscribeAddress: address,
        })
        open.push(mailer)
        await mailer.send({ ...mail, unsubscribeUrl })
        const { raw } = server.mails[0]!
        expect(/^List-Unsubscribe: (.*)\r$/m.exec(raw)?.[1]).toBe(value)
        expect(raw.includes('List-Unsubscribe-Post')).toBe(oneClick)
      },
    )
  })

  describe('TLS and signing in', () => {
    const credentials = { user: 'rapporteur@recyclage.test', password: 'p@ss:w/ö%rd' }

    it('encrypts whenever the server offers it', async () => {
      const { server, mailer } = await start({ tls: 'offered' }, 'verify_certificate=false')
      await mailer.send(mail)
      expect(server.mails[0]!.secure).toBe(true)
    })

    it('uses TLS from the start over smtps, and signs in', async () => {
      const { server, mailer } = await start({ tls: 'implicit', credentials }, 'verify_certificate=false')
      await mailer.ping()
      await mailer.send(mail)
      expect(server.mails[0]!.secure).toBe(true)
    })

    it.each(['offered', 'implicit'] as const)('rejects an unknown certificate (%s)', async (tls) => {
      const { server, mailer } = await start({ tls })
      expect(await failure(mailer.send(mail))).toMatchObject({
        kind: 'installation',
        code: 'mail_tls',
        stage: 'connect',
      })
      expect(server.attempts).toEqual([])
    })

    it('sends nothing when TLS is required and not offered', async () => {
      const { server, mailer } = await start({ tls: 'none' }, 'starttls=required')
      expect(await failure(mailer.send(mail))).toMatchObject({ kind: 'installation', code: 'mail_tls' })
      expect(server.attempts).toEqual([])
    })

    it('sends without TLS under starttls=never', async () => {
      const { server, mailer } = await start({ tls: 'offered' }, 'starttls=never')
      await mailer.send(mail)
      expect(server.mails[0]!.secure).toBe(false)
    })

    it('reports a wrong password as mail_auth', async () => {
      const { server } = await start({ credentials })
      const mailer = createMailer({
        url: server.url.replace(/:[^:@]*@/, ':wrong@'),
        from: 'a@recyclage.test',
      })
      open.push(mailer)
      const wrong = { kind: 'installation', code: 'mail_auth', stage: 'login', responseCode: 535 }
      expect(await failure(mailer.send(mail))).toMatchObject(wrong)
      expect(await failure(mailer.ping())).toMatchObject(wrong)
    })

    it('does not send without signing in when the server offers no sign-in', async () => {
      const { server } = await start()
      const mailer = createMailer({
        url: server.url.replace('//', '//user:secret@'),
        from: 'a@recyclage.test',
      })
      open.push(mailer)
      const error = await failure(mailer.send(mail))
      expect(error).toMatchObject({ kind: 'installation', code: 'mail_auth' })
      expect(error.message).not.toContain('secret')
      expect(server.attempts).toEqual([])
    })
  })

  describe('a server with a broken protocol', () => {
    let sockets: Socket[]
    let port: number
    let greet: (socket: Socket) => void
    beforeEach(async () => {
      sockets = []
      greet = () => {}
      const server = createServer((socket) => {
        sockets.push(socket.on('error', () => {}))
        greet(socket)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      port = (server.address() as AddressInfo).port
      open.push({
        async close() {
          for (const socket of sockets) socket.destroy()
          server.close()
          await once(server, 'close')
        },
      })
    })

    async function sendTo(behave: (socket: Socket) => void, parameters = 'socket_timeout=1') {
      greet = behave
      const mailer = createMailer({ url: `smtp://127.0.0.1:${port}?${parameters}`, from: 'a@recyclage.test' })
      open.push(mailer)
      return failure(mailer.send(mail))
    }
    /** Answers each matching line with its reply, in order. */
    function script(replies: [RegExp, string][]) {
      return (socket: Socket) => {
        socket.write('220 hello\r\n')
        let pending = ''
        socket.on('data', (chunk) => {
          pending += chunk.toString('latin1')
          for (let reply = replies[0]; reply && reply[0].test(pending); reply = replies[0]) {
            pending = ''
            replies.shift()
            if (reply[1] === '') socket.resetAndDestroy()
            else socket.write(reply[1])
          }
        })
      }
    }

    it('fails a send when it greets in another protocol', async () => {
      expect(await sendTo((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))).toMatchObject({
        kind: 'transient',
        stage: 'connect',
      })
    })

    it('is misconfigured for, when it refuses EHLO and HELO', async () => {
      const behave = script([
        [/EHLO/, '501 5.5.4 Invalid domain name\r\n'],
        [/HELO/, '501 5.5.4 Invalid domain name\r\n'],
      ])
      expect(await sendTo(behave)).toMatchObject({
        kind: 'installation',
        code: 'mail_misconfigured',
        stage: 'connect',
      })
    })

    it('fails a send when it resets the connection at once', async () => {
      expect(await sendTo((socket) => socket.resetAndDestroy())).toMatchObject({
        kind: 'transient',
        stage: 'connect',
        afterData: false,
      })
    })

    it('fails a send as uncertain when it resets after the final dot', async () => {
      const behave = script([
        [/EHLO/, '250 ok\r\n'],
        [/MAIL/, '250 ok\r\n'],
        [/RCPT/, '250 ok\r\n'],
        [/DATA/, '354 go\r\n'],
        [/\r\n\.\r\n/, ''],
      ])
      expect(await sendTo(behave)).toMatchObject({ kind: 'transient', stage: 'answer', afterData: true })
    })

    it('has its replies of several lines joined', async () => {
      const behave = script([
        [/EHLO/, '250-hello\r\n250 SIZE\r\n'],
        [/MAIL/, '250 ok\r\n'],
        [/RCPT/, '550-5.1.1 The account does not exist.\r\n550 5.1.1 Check the address.\r\n'],
      ])
      expect(await sendTo(behave)).toMatchObject({
        kind: 'permanent',
        response: '550 5.1.1 The account does not exist. Check the address.',
      })
    })

    // PostgreSQL refuses NUL, and half of a character in JSON.
    const unfit = `taken\0by \u001B[31mbanner\u0085${'é😀'.repeat(2_000)}`
    const isFit = (text: string) =>
      text.isWellFormed() && text.length <= 1_000 && !/\p{Cc}/u.test(text) && text.includes('taken by')

    it('has a long refusal with control characters cleaned', async () => {
      const behave = script([
        [/EHLO/, '250 ok\r\n'],
        [/MAIL/, '250 ok\r\n'],
        [/RCPT/, `550-5.1.1 ${unfit}\r\n550 5.1.1 ${unfit}\r\n`],
      ])
      const { response = '', message, stack, cause } = await sendTo(behave)
      expect(response.slice(0, 18)).toBe('550 5.1.1 taken by')
      expect([response, message].map(isFit)).toEqual([true, true])
      expect(stack?.length).toBeLessThan(10_000)
      expect(cause).toBeUndefined()
    })

    it('has a long acceptance with control characters cleaned', async () => {
      greet = script([
        [/EHLO/, '250 ok\r\n'],
        [/MAIL/, '250 ok\r\n'],
        [/RCPT/, '250 ok\r\n'],
        [/DATA/, '354 go\r\n'],
        [/\r\n\.\r\n/, `250-2.0.0 ${unfit}\r\n250 2.0.0 done\r\n`],
      ])
      const mailer = createMailer({ url: `smtp://127.0.0.1:${port}`, from: 'a@recyclage.test' })
      open.push(mailer)
      const { response } = await mailer.send(mail)
      expect(response.slice(0, 18)).toBe('250 2.0.0 taken by')
      expect(isFit(response)).toBe(true)
    })

    it('fails a send when it sends single bytes without a whole line', async () => {
      const trickle = (socket: Socket) => {
        const timer = setInterval(() => socket.write('2'), 50)
        socket.on('close', () => clearInterval(timer))
      }
      const error = await sendTo(trickle, 'send_timeout=0.5')
      expect(error).toMatchObject({ kind: 'transient', code: 'mail_unavailable', stage: 'connect' })
    })

    it('has accepted the mail when it then breaks the connection', async () => {
      greet = script([
        [/EHLO/, '250 ok\r\n'],
        [/MAIL/, '250 ok\r\n'],
        [/RCPT/, '250 ok\r\n'],
        [/DATA/, '354 go\r\n'],
        [/\r\n\.\r\n/, '250 taken\r\n'],
        [/QUIT/, ''],
      ])
      const mailer = createMailer({ url: `smtp://127.0.0.1:${port}`, from: 'a@recyclage.test' })
      open.push(mailer)
      expect(await mailer.send(mail)).toEqual({ messageId: mail.messageId, response: '250 taken' })
    })
  })
})

async function* endlessChunks(): AsyncGenerator<Buffer> {
  const chunk = noise(64 * 1024)
  for (;;) yield chunk
}
