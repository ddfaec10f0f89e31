import { afterEach, expect, it } from 'vitest'
import { freePort } from '#local/ports.ts'
import { PortError } from '#domain/start-error.ts'
import { servePages, type PageServer } from './page-server.ts'

let server: PageServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

it('answers its paths with GET, and nothing else', async () => {
  const port = await freePort()
  const failed: unknown[] = []
  const fault = new Error('secret words')
  server = await servePages({
    port,
    host: '127.0.0.1',
    variable: 'METRICS_PORT',
    pages: {
      '/metrics': () => ({ contentType: 'text/plain', body: 'one 1\n' }),
      '/ready': async () => ({ status: 503, contentType: 'application/json', body: '{}' }),
      '/broken': () => {
        throw fault
      },
    },
    onError: (error) => failed.push(error),
  })
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method })
    return [answer.status, await answer.text()]
  }
  expect(await ask('/metrics?name=one')).toEqual([200, 'one 1\n'])
  expect(await ask('/metrics', 'HEAD')).toEqual([200, ''])
  expect(await ask('/metrics', 'POST')).toEqual([405, 'GET only\n'])
  expect(await ask('/ready')).toEqual([503, '{}'])
  expect(await ask('/constructor')).toEqual([404, 'Not found\n'])
  expect(await ask('/broken')).toEqual([500, 'It failed; the log says why\n'])
  expect(failed).toEqual([fault])
})

it('says which variable sets another port when its own is taken', async () => {
  const port = await freePort()
  const options = { port, host: '127.0.0.1', variable: 'METRICS_PORT', pages: {} }
  server = await servePages(options)
  const second = servePages(options)
  await expect(second).rejects.toThrow(`METRICS_PORT: ${port} is in use by another program`)
  await expect(second).rejects.toBeInstanceOf(PortError)
})
