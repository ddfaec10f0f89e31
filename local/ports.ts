import { createServer } from 'node:net'

export interface PortUse {
  port: number
  /** The variable that sets another port. */
  variable: string
  /** What listens there. */
  title: string
}

/** The first that is given the port of one before it, with that one. */
export function findSharedPort(uses: readonly PortUse[]): { use: PortUse; other: PortUse } | null {
  for (const [index, use] of uses.entries()) {
    const other = uses.slice(0, index).find(({ port }) => port === use.port)
    if (other) return { use, other }
  }
  return null
}

/** The first of these ports that another program listens on, or null. */
export async function findBusyPort(uses: readonly PortUse[]): Promise<PortUse | null> {
  for (const use of uses) {
    if (!(await isFree(use.port))) return use
  }
  return null
}

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152): one of those may be
 * taken by any program between the moment it is found free and the moment its server listens.
 */
const [firstPort, portCount] = [20_000, 12_000] as const
/** Where this process begins to look: elsewhere than other processes that look at the same time. */
let nextPort = (process.pid * 37) % portCount

/** A free port, given once in this process: for tests and throw-away servers. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < portCount; tried++) {
    const port = firstPort + (nextPort++ % portCount)
    if (await isFree(port)) return port
  }
  throw new Error(`There is no free port from ${firstPort} to ${firstPort + portCount - 1}.`)
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
