import { createServer } from 'node:net'

export interface PortUse {
  port: number
  /** The variable that moves it. */
  variable: string
  /** What listens there. */
  title: string
}

/** The first of these ports that another program listens on, or null. */
export async function findBusyPort(uses: readonly PortUse[]): Promise<PortUse | null> {
  for (const use of uses) {
    if (!(await isFree(use.port))) return use
  }
  return null
}

/** A port that was free a moment ago, for tests and throw-away servers. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/** Free on the loopback address and on every address: a part listens on the one, the web server on the other. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, undefined))
}

async function canListen(port: number, host: string | undefined): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'EADDRINUSE' && error.code !== 'EACCES'),
    )
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
