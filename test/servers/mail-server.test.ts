import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startMailServer, type MailServer } from './mail-server.ts'

let server: MailServer
let client: Socket

beforeEach(async () => {
  server = await startMailServer()
  client = connect(server.port, '127.0.0.1').setEncoding('utf8')
})

afterEach(async () => {
  client.destroy()
  await server.close()
})

async function reply(socket = client): Promise<string> {
  return String((await once(socket, 'data'))[0])
}

async function say(line: string, socket = client): Promise<string> {
  socket.write(`${line}\r\n`)
  return reply(socket)
}

/** Sends all of a message; the caller reads the answer. */
async function handOver(socket = client): Promise<void> {
  await reply(socket)
  for (const line of ['HELO me', 'MAIL FROM:<a@ville.test>', 'RCPT TO:<b@ville.test>', 'DATA']) {
    await say(line, socket)
  }
  socket.write('Subject: x\r\n\r\nx\r\n.\r\n')
}

it('sets heardAt once the client speaks after "accepted"', async () => {
  await handOver()
  expect(await reply()).toMatch(/^250 /)
  expect(server.mails[0]).toMatchObject({ to: ['b@ville.test'], heardAt: null })
  await say('QUIT')
  expect(server.mails[0]?.heardAt).toBeInstanceOf(Date)
})

it('leaves heardAt null for a mail whose client was cut off before the answer', async () => {
  server.inject({ at: 'answer', does: 'drop', keeps: true })
  await handOver()
  await once(client, 'close')
  expect(server.mails).toMatchObject([{ heardAt: null }])
  expect(server.strikes).toMatchObject([{ recipients: ['b@ville.test'], fault: { at: 'answer' } }])
})

it('strikes one of two simultaneous messages by a fault that strikes once', async () => {
  server.inject({ at: 'answer', does: 'drop', keeps: true, times: 1 })
  const other = connect(server.port, '127.0.0.1').setEncoding('utf8')
  const [first, second] = [client, other].map(async (socket) => {
    await handOver(socket)
    return Promise.race([reply(socket), once(socket, 'close').then(() => 'cut')])
  })
  const answers = await Promise.all([first, second])
  other.destroy()
  expect(answers.map((answer) => answer?.slice(0, 3)).toSorted()).toEqual(['250', 'cut'])
  expect(server.mails).toHaveLength(2)
})

it('keeps the mail of a client that leaves during a delay', async () => {
  server.inject({ at: 'answer', does: 'delay', forMs: 50 })
  await handOver()
  await server.struck(1)
  client.destroy()
  expect(await server.received(1)).toMatchObject([{ heardAt: null }])
})

it('does not strike by a fault that was taken back', async () => {
  const takeBack = server.inject({ at: 'recipient', does: 'reply', code: 550 })
  takeBack()
  await handOver()
  expect(await reply()).toMatch(/^250 /)
  expect(server.strikes).toEqual([])
})
