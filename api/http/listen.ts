/** The HTTP server below the API: which address it listens on, and how long it waits for a client. */

import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { serve } from '@hono/node-server'
import { portError } from '#domain/start-error.ts'
import type { Locale } from '#domain/locale.ts'
import { problems, type ProblemCode } from '#domain/problems.ts'

interface Options {
  fetch: (request: Request, env: object) => Response | Promise<Response>
  port: number
  /** Undefined: every address of the machine. */
  hostname: string | undefined
  /**
   * From a request's first byte to the end of its headers, and of its body: a client that sends a byte a second
   * holds a connection no longer. Answers, streams among them, take as long as they take.
   */
  headersTimeoutMs?: number
  requestTimeoutMs?: number
  /**
   * After this long without a byte in either direction a connection is closed, so that a client that does not read its
   * answer does not keep it. Longer than any answer takes to begin, and than the pause between two signs of life of a
   * stream (15 s).
   */
  idleTimeoutMs?: number
}

/** Of request line and headers together: Node's own default, named since addresses with filters come near it. */
const maxHeaderBytes = 16_384

/** Listens. @throws PortError when the port is taken, or not allowed. */
export async function listen(options: Options): Promise<Server> {
  const { fetch, port, hostname } = options
  const { headersTimeoutMs = 10_000, requestTimeoutMs = 30_000, idleTimeoutMs = 120_000 } = options
  const server = serve({
    fetch,
    port,
    hostname,
    serverOptions: {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // How often Node looks for connections that are over their time.
      connectionsCheckingInterval: Math.min(5_000, headersTimeoutMs / 2),
    },
  }) as Server
  server.setTimeout(idleTimeoutMs)
  /** What is being answered on a connection: bytes in the middle of it would be no HTTP. */
  const answers = new WeakMap<Duplex, ServerResponse>()
  server.prependListener('request', ({ socket }, response) => answers.set(socket, response))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const isAnswered = answers.get(socket)?.headersSent ?? false
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswered) socket.destroy()
    else socket.end(refusal(codes[error.code ?? ''] ?? 'bad_request'))
  })
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw portError('PORT', port, error)
  })
  return server
}

const codes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/** No request was read, so that its language is not known. */
const locale: Locale = 'en'

function refusal(code: ProblemCode): string {
  const { status, title, detail } = problems[code]
  const body = JSON.stringify({
    type: `urn:rapporteur:problem:${code}`,
    title: title[locale],
    status,
    detail: detail[locale],
    code,
  })
  return [
    `HTTP/1.1 ${status} ${title.en}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
    '',
    body,
  ].join('\r\n')
}
