/** A server in a thread of its own, whose work takes 2 ms of the thread each time: tells its port to whoever started it. */

import { parentPort } from 'node:worker_threads'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { admitInTurn } from './admit-in-turn.ts'

const app = new Hono()
app.get('/health', (context) => context.text('ok'))
app.use(admitInTurn())
app.get('/work', (context) => {
  const until = performance.now() + 2
  while (performance.now() < until);
  return context.text('done')
})
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => parentPort?.postMessage(port))
