import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

export interface DyingPostgres {
  /** Connection string of it. */
  url: string
  /** How many connections came. */
  connections(): number
  close(): Promise<void>
}

/**
 * A PostgreSQL server that accepts every sign-in and dies at once: "ready for query" and "terminating
 * connection" arrive in one packet, as they do when the server is killed right after a connection was made.
 */
export async function startDyingPostgres(): Promise<DyingPostgres> {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(Buffer.concat([signedIn, ready, terminated])))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `postgresql://anybody:any@127.0.0.1:${(server.address() as AddressInfo).port}/any?sslmode=disable`,
    connections: () => connections,
    close: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

/** A message of the protocol: its type, its length, its content. */
function message(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(content.length + 4)
  return Buffer.concat([Buffer.from(type), length, content])
}

const signedIn = message('R', Buffer.alloc(4))
const ready = message('Z', Buffer.from('I'))
const terminated = message(
  'E',
  Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
)
