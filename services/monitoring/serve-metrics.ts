/** The page of METRICS_PORT, one a process; only where the variable is set. */

import { servePages, type PageServer } from '#adapters/page-server.ts'
import type { Environment } from '#config/environment.ts'
import type { Logger } from '#config/logger.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { createTemporalClient } from '../temporal/data-converter.ts'
import { lazyTemporalConnection, temporalConnectionOptions } from '../temporal/temporal-connection.ts'
import { createInstallationGauges } from './installation-gauges.ts'
import { addProcessGauges } from './process-gauges.ts'
import { metrics } from './report-metrics.ts'

interface Options {
  prisma: PrismaClient
  logger: Logger
  /** Text of the same format from elsewhere in this process, set at the end of the page. */
  further?: () => Promise<string>
}

/** @returns null where METRICS_PORT is not set. @throws PortError when nothing can listen there. */
export async function serveMetrics(
  environment: Environment,
  { prisma, logger, further = async () => '' }: Options,
): Promise<PageServer | null> {
  const { METRICS_PORT: port, METRICS_HOST: host } = environment
  if (port === undefined) return null
  // Without interceptors: what does not answer is not asked again before the next scrape.
  const connection = lazyTemporalConnection({ ...temporalConnectionOptions(environment), interceptors: [] })
  const temporal = createTemporalClient(connection, environment)
  addProcessGauges(metrics)
  const installation = createInstallationGauges(metrics, { prisma, temporal, logger })
  const page = async () => {
    await installation.refresh()
    const [own, others] = await Promise.all([metrics.metrics(), further()])
    return { contentType: metrics.contentType, body: own + others }
  }
  const server = await servePages({
    port,
    host,
    variable: 'METRICS_PORT',
    pages: { '/metrics': page },
    onError: (error) => logger.warn({ err: error }, 'the page of metrics failed'),
  })
  logger.info({ host, port }, 'metrics are served')
  return {
    async close() {
      await Promise.all([server.close(), connection.close()])
    },
  }
}
