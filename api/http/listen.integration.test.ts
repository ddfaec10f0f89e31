import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestApi, type TestApi } from '#test/worlds/test-api.ts'
import { listen } from './listen.ts'

let api: TestApi
let server: Server
let leo: Record<string, string>
const sockets: Socket[] = []
beforeAll(async () => {
  api = await createTestApi()
  leo = (await api.signIn('leo')).identity
  server = await listen({
    fetch: api.app.fetch,
    port: 0,
    hostname: '127.0.0.1',
    headersTimeoutMs: 400,
    requestTimeoutMs: 800,
    idleTimeoutMs: 1_500,
  })
})
afterAll(async () => {
  server?.closeAllConnections()
  server?.close()
  await api.close()
})
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()))

const portOf = () => (server.address() as AddressInfo).port

async function open(): Promise<{ socket: Socket; text: () => string; closed: Promise<unknown> }> {
  const socket = connect(portOf(), '127.0.0.1')
  sockets.push(socket)
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => (text += part))
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  await once(socket, 'connect')
  return { socket, text: () => text, closed }
}

/** A byte every few milliseconds until the connection ends. */
function trickle(socket: Socket): void {
  const timer = setInterval(() => {
    if (socket.writable) socket.write(' ')
    else clearInterval(timer)
  }, 50)
  socket.once('close', () => clearInterval(timer))
}

const problemIn = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as object

describe('a client that sends a byte at a time', () => {
  it('in its headers is answered 408 and cut off', async () => {
    const { socket, text, closed } = await open()
    socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow:')
    trickle(socket)
    await closed
    expect(text()).toMatch(/^HTTP\/1\.1 408 /)
    expect(problemIn(text())).toMatchObject({ code: 'request_timeout', status: 408 })
  })

  it.each([
    ['with its length', 'content-length: 900'],
    ['without it', 'transfer-encoding: chunked'],
  ])('in a body %s is answered 408 and cut off', async (_how, header) => {
    const { socket, text, closed } = await open()
    socket.write(
      `POST /api/auth/sign-in/email HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${header}\r\n\r\n`,
    )
    const timer = setInterval(() => socket.write(header.includes('chunked') ? '1\r\n \r\n' : ' '), 50)
    await closed
    clearInterval(timer)
    expect(text()).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('in a form is refused or cut off as well', async () => {
    const { socket, text, closed } = await open()
    socket.write(
      'POST /v1/reports HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=x\r\n' +
        `cookie: ${leo.cookie}\r\ncontent-length: 900\r\n\r\n--x`,
    )
    trickle(socket)
    await closed
    expect(text()).toMatch(/^HTTP\/1\.1 4(08|15) /)
  })
})

it('a stream goes on beyond the time that a request may take', async () => {
  const stopping = new AbortController()
  const answer = await fetch(`http://127.0.0.1:${portOf()}/v1/reports/events`, {
    headers: leo,
    signal: stopping.signal,
  })
  const startedAt = performance.now()
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  await reader?.read()
  let text = ''
  const { number } = (await (
    await fetch(`http://127.0.0.1:${portOf()}/v1/reports`, {
      method: 'POST',
      headers: { ...leo, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'pupils', format: 'csv' }),
    })
  ).json()) as { number: number }
  for (let subject = 0; performance.now() - startedAt < 2_500; subject++) {
    await api.prisma.report.update({ where: { number }, data: { subject: String(subject) } })
    text += (await reader?.read())?.value ?? ''
  }
  stopping.abort()
  expect(text.split('event: report').length).toBeGreaterThan(3)
})

it('a connection on which nothing moves is closed, whatever is being answered', async () => {
  const { socket, text, closed } = await open()
  socket.write(`GET /v1/reports/events HTTP/1.1\r\nhost: x\r\ncookie: ${leo.cookie}\r\n\r\n`)
  await closed
  expect(text()).toContain(': connected')
})

it('headers and addresses over 16 kB return 431 as a problem', async () => {
  for (const request of [
    `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(17_000)}\r\n\r\n`,
  ]) {
    const { socket, text, closed } = await open()
    socket.write(request)
    await closed
    expect(text()).toMatch(/^HTTP\/1\.1 431 /)
    expect(problemIn(text())).toMatchObject({ code: 'headers_too_large' })
  }
})

it('what is no HTTP returns 400 as a problem', async () => {
  const { socket, text, closed } = await open()
  socket.write('\u0016\u0003\u0001 TLS, for instance\r\n\r\n')
  await closed
  expect(problemIn(text())).toMatchObject({ code: 'bad_request' })
})

it('a client that leaves in the middle of its body is no fault of the service', async () => {
  const lines = vi.spyOn(api.deps.logger, 'info')
  const errors = vi.spyOn(api.deps.logger, 'error')
  for (const path of ['/api/auth/sign-in/email', '/v1/reports']) {
    lines.mockClear()
    const { socket, closed } = await open()
    const received = once(server, 'request')
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncookie: ${leo.cookie}\r\n` +
        'content-length: 900\r\n\r\n{"type',
    )
    await received
    socket.destroy()
    await closed
    await vi.waitFor(() => expect([...lines.mock.calls, ...errors.mock.calls]).not.toEqual([]))
    expect(lines.mock.calls).toMatchObject([[{ status: 400 }, 'request']])
  }
  expect(errors.mock.calls).toEqual([])
})
