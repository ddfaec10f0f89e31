/** A front of Temporal that, like a hosted one, speaks TLS, demands the API key of the moment, and refuses methods. */

import { once } from 'node:events'
import {
  connect,
  constants,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TestAuthority } from './private-postgres.ts'

export interface StrictTemporal {
  /** HOST:PORT. */
  address: string
  /** The key that it takes. */
  apiKey: string
  /** How many calls came with another one. */
  turnedAway: number
  /** Closes every connection that is open. */
  drop(): void
  close(): Promise<void>
}

const permissionDenied = 7
const unauthenticated = 16

/** @param refuses paths of methods that nobody may call, such as `/…OperatorService/AddSearchAttributes`. */
export async function startStrictTemporal(
  target: string,
  authority: TestAuthority,
  { apiKey, refuses = /^$/ }: { apiKey: string; refuses?: RegExp },
): Promise<StrictTemporal> {
  const { certificate, key } = await authority.issue({ name: 'temporal.test', altNames: 'IP:127.0.0.1' })
  const upstream = connect(`http://${target}`)
  const server = createSecureServer({ cert: certificate, key })
  const sessions = new Set<{ destroy(): void }>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  server.on('stream', (stream, headers) => {
    if (headers.authorization !== `Bearer ${strict.apiKey}`) {
      strict.turnedAway += 1
      refuse(stream, unauthenticated, 'the key is not known')
    } else if (refuses.test(headers[':path'] ?? '')) refuse(stream, permissionDenied, 'not for clients')
    else pass(stream, headers)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function pass(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const call = upstream.request(headers)
    let trailers: IncomingHttpHeaders = {}
    call.on('trailers', (given) => (trailers = given))
    call.on('response', (given, flags) => {
      // An error without an answer is all in the headers.
      const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
      stream.respond(given, { endStream, waitForTrailers: !endStream })
      if (endStream) return
      stream.on('wantTrailers', () => stream.sendTrailers(trailers))
      call.pipe(stream)
    })
    call.on('error', () => stream.destroy())
    stream.on('error', () => call.close())
    stream.on('close', () => call.close())
    stream.pipe(call)
  }

  const strict: StrictTemporal = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    turnedAway: 0,
    drop: () => {
      for (const session of sessions) session.destroy()
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      strict.drop()
      upstream.destroy()
      await closed
    },
  }
  return strict
}

function refuse(stream: ServerHttp2Stream, code: number, message: string): void {
  stream.resume()
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': code, 'grpc-message': message },
    { endStream: true },
  )
}
