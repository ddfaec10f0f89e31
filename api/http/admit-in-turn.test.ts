import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

const requests = 200

/** Opens a connection, asks once, and resolves when the answer begins. */
async function ask(port: number, path: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
  await once(socket, 'data')
  socket.destroy()
}

it('lets a connection behind two hundred requests in before their work is done', async () => {
  const server = new Worker(new URL('./admit-in-turn.fixture.ts', import.meta.url))
  try {
    const [port] = (await once(server, 'message')) as [number]
    await ask(port, '/health')
    let done = 0
    const work = Array.from({ length: requests }, async () => {
      await ask(port, '/work')
      done++
    })
    await ask(port, '/health')
    const doneBefore = done
    await Promise.all(work)
    expect(doneBefore).toBeLessThan(requests / 4)
    expect(done).toBe(requests)
  } finally {
    await server.terminate()
  }
})
