import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { findBusyPort, freePort } from './ports.ts'

it.each(['127.0.0.1', '0.0.0.0', '::'])('finds a port busy when it is listened on at %s', async (host) => {
  const [free, port] = [await freePort(), await freePort()]
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  const uses = [
    { port: free, variable: 'PORT', title: 'one' },
    { port, variable: 'LOCAL_S3_PORT', title: 'two' },
  ]
  expect(await findBusyPort(uses)).toEqual(uses[1])
  server.close()
  await once(server, 'close')
  expect(await findBusyPort(uses)).toBeNull()
})

it('gives each free port once, below the range of outgoing connections', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, async () => await freePort()))
  expect(new Set(ports).size).toBe(ports.length)
  for (const port of ports) expect(port).toBeLessThan(32_768)
})
