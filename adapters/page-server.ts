/** A small HTTP server for programs of the operator, apart from the public port: a page a path, read with GET. */

import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { portError } from '#domain/start-error.ts'

export interface Page {
  /** 200 unless given. */
  status?: number
  contentType: string
  body: string
}

interface Options {
  port: number
  /** Undefined: every address of the machine. */
  host: string | undefined
  /** The variable that sets the port, for the message when nothing can listen there. */
  variable: string
  /** By path. A page that throws is answered with 500, without a word of why. */
  pages: Readonly<Record<string, () => Page | Promise<Page>>>
  onError?: (error: unknown) => void
}

export interface PageServer {
  close(): Promise<void>
}

/** Which a client that sends a byte a second holds no longer. */
const requestTimeoutMs = 5_000

/** @throws PortError when the port is taken, or not allowed. */
export async function servePages({ port, host, variable, pages, onError }: Options): Promise<PageServer> {
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      keepAliveTimeout: requestTimeoutMs,
    },
    (request, response) => {
      const path = (request.url ?? '').split('?', 1)[0] ?? ''
      const page = Object.hasOwn(pages, path) ? pages[path] : undefined
      if (!page) return answer(response, { ...plain, status: 404, body: 'Not found\n' })
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return answer(response, { ...plain, status: 405, body: 'GET only\n' })
      void (async () => page())()
        .catch((error: unknown) => {
          onError?.(error)
          return { ...plain, status: 500, body: 'It failed; the log says why\n' }
        })
        .then((made) => answer(response, made))
    },
  )
  server.listen({ port, host })
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw portError(variable, port, error)
  })
  // It is no reason for its process to run on.
  server.unref()
  return {
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const plain = { contentType: 'text/plain; charset=utf-8' }

function answer(response: ServerResponse, { status = 200, contentType, body }: Page): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body)
}
