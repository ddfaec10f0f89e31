/** Whether this worker lives and takes work, over HTTP, for those who start and replace workers. */

import { servePages, type Page, type PageServer } from '#adapters/page-server.ts'

/** Why a worker takes no work; none: it does. */
export type NotReadyReason = 'starting' | 'clock_off' | 'stopping'

interface Options {
  port: number
  /** Undefined: every address of the machine. */
  host: string | undefined
  notReady: () => NotReadyReason | null
}

/** Listens until it is closed. @throws PortError when the port is taken. */
export function startHealthListener({ port, host, notReady }: Options): Promise<PageServer> {
  return servePages({
    port,
    host,
    variable: 'WORKER_HEALTH_PORT',
    pages: { '/livez': () => json({ status: 'ok' }), '/readyz': () => readiness(notReady()) },
  })
}

function readiness(reason: NotReadyReason | null): Page {
  return reason === null ? json({ status: 'ok' }) : json({ status: 'down', reason }, 503)
}

function json(body: object, status = 200): Page {
  return { status, contentType: 'application/json', body: JSON.stringify(body) }
}
