/** Whether this worker lives and takes work, over HTTP, for those who start and replace workers. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import { portError } from '#config/port-error.ts'

/** Why a worker takes no work; none: it does. */
export type NotReadyReason = 'starting' | 'clock_off' | 'stopping'

export interface HealthListenerOptions {
  port: number
  /** Undefined: every address of the machine. */
  hostname: string | undefined
  notReady: () => NotReadyReason | null
}

/** Listens as long as the process lives. @throws PortError when the port is taken. */
export async function startHealthListener({
  port,
  hostname,
  notReady,
}: HealthListenerOptions): Promise<void> {
  const server = createServer({ requestTimeout: 5_000, keepAliveTimeout: 5_000 }, (request, response) => {
    const [path] = (request.url ?? '').split('?')
    const [status, body] =
      request.method !== 'GET' && request.method !== 'HEAD'
        ? [405, { status: 'method_not_allowed' }]
        : path === '/livez'
          ? [200, { status: 'ok' }]
          : path === '/readyz'
            ? readiness(notReady())
            : [404, { status: 'not_found' }]
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
  })
  server.listen(port, hostname)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw portError('WORKER_HEALTH_PORT', port, error)
  })
  server.unref()
}

function readiness(
  reason: NotReadyReason | null,
): [number, { status: 'ok' | 'down'; reason?: NotReadyReason }] {
  return reason === null ? [200, { status: 'ok' }] : [503, { status: 'down', reason }]
}
