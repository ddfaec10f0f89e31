/**
 * A TCP proxy in front of a real server. Shut, it drops every connection, like a server that goes away; held, it keeps
 * them and lets nothing pass, like a network that has stopped.
 */

import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface TcpGate {
  port: number
  /** Drops every connection, with what waits in it, and takes no new one. */
  shut(): void
  /** Connections stay, new ones too, and everything in them waits. */
  hold(): void
  /** Lets data pass again; data that waits goes first. */
  open(): void
  /** How many pieces of data wait in connections that are still there. */
  waiting(): number
  close(): Promise<void>
}

export async function startTcpGate(target: { host: string; port: number }): Promise<TcpGate> {
  const sockets = new Set<Socket>()
  let state: 'open' | 'held' | 'shut' = 'open'
  let waiting: { to: Socket; pass: () => void }[] = []

  function forward(from: Socket, to: Socket): void {
    const inTurn = (pass: () => void) => {
      if (state === 'held') waiting.push({ to, pass })
      else pass()
    }
    from.on('data', (chunk: Buffer) =>
      inTurn(() => {
        if (to.write(chunk)) return
        from.pause()
        to.once('drain', () => from.resume())
      }),
    )
    from.on('end', () => inTurn(() => to.end()))
    from.on('error', () => to.destroy())
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
      // Data of a process that has died must not pass later.
      waiting = waiting.filter((entry) => entry.to !== to)
    })
  }

  // Each side ends on its own: a message that is still on its way to the other one passes first.
  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (state === 'shut') {
      near.destroy()
      return
    }
    const far = connect({ ...target, allowHalfOpen: true })
    sockets.add(near).add(far)
    forward(near, far)
    forward(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = () => sockets.forEach((socket) => socket.destroy())
  return {
    port: (server.address() as AddressInfo).port,
    shut: () => {
      state = 'shut'
      drop()
    },
    hold: () => {
      state = 'held'
    },
    open: () => {
      state = 'open'
      for (const { pass } of waiting.splice(0)) pass()
    },
    waiting: () => waiting.length,
    close: async () => {
      drop()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A gate in front of the server an address names: `postgresql://…`, `http://…` or `HOST:PORT`. */
export async function startGateBefore(address: string): Promise<TcpGate & { address: string }> {
  const url = new URL(address.includes('://') ? address : `tcp://${address}`)
  const gate = await startTcpGate({ host: url.hostname, port: Number(url.port) })
  url.port = String(gate.port)
  return { ...gate, address: address.includes('://') ? url.href : url.host }
}
