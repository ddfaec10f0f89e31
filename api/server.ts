/** The API's entry: `node api/server.ts`. */

// First: what it loads teaches schemas to describe themselves.
import { createApp } from './app.ts'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { linkSecrets } from '#config/secrets.ts'
import { createPasswordLinks } from '#adapters/password-link.ts'
import { createLinkSigner } from '#adapters/signed-link.ts'
import { createSource } from '#adapters/source/source.ts'
import { warnOfWritingRole } from '#adapters/source/warn-of-writing-role.ts'
import { createStorage } from '#adapters/storage/storage.ts'
import { readEnvironment, type Environment } from '#config/environment.ts'
import { createLogger, logWholeProcess, type Logger } from '#config/logger.ts'
import { sayStartError } from '#domain/start-error.ts'
import { expectOwnNamespace } from '#services/maintenance/installation.ts'
import { followCatalogue } from '#services/maintenance/shared-catalogue.ts'
import { traceProcess } from '#services/monitoring/trace-process.ts'
import { serveMetrics } from '#services/monitoring/serve-metrics.ts'
import { refuseDemoAccounts } from '#services/maintenance/refuse-demo-accounts.ts'
import { createInstallationMailer } from '#services/notices/installation-mailer.ts'
import { warnOfTimeZones } from '#services/maintenance/time-zone-warnings.ts'
import { DatabaseClock } from '#services/clock/database-clock.ts'
import { connectEngine } from '#services/create-engine.ts'
import { createPrisma } from '#prisma/client.ts'
import { openCatalogue } from '#catalogue/live-catalogue.ts'
import { createAuth } from './auth/create-auth.ts'
import { connectionsFor } from './data/query-turns.ts'
import { listen } from './http/listen.ts'
import { createReportFeed } from './reports/report-feed.ts'
import { InstallationWatch } from './system/installation-watch.ts'

/** A person is waiting for a page of data: its statement may take no longer. */
const pageStatementTimeoutMs = 20_000
/** A query on the service’s own database takes milliseconds: after this long the database counts as away. */
const pageQueryTimeoutMs = 10_000
/** How long the start waits to hear whose the engine's namespace is: the API serves while the engine is away. */
const namespaceWaitMs = 2_000
/** How long requests in flight get to finish after a stop signal. */
const stopGraceMs = 8_000

async function main(environment: Environment, logger: Logger): Promise<void> {
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  const tracing = await traceProcess(environment, 'api', logger)
  // Before anything is asked of a service: a faulty type ends the start at once.
  const catalogue = await openCatalogue(environment)
  const prisma = createPrisma(environment.DATABASE_URL, { queryTimeoutMs: pageQueryTimeoutMs })
  if (environment.NODE_ENV === 'production') {
    const stop = new AbortController()
    void stopped.then(() => stop.abort())
    await refuseDemoAccounts(prisma, logger, stop.signal)
  }
  if (environment.ALLOW_HTTP) {
    logger.warn('ALLOW_HTTP: passwords, sessions and files may pass in the clear, as on a closed network')
  }
  const source = createSource({
    connectionString: environment.SOURCE_DATABASE_URL,
    statementTimeoutMs: pageStatementTimeoutMs,
    maxConnections: connectionsFor('source'),
  })
  const productSource = createSource({
    connectionString: environment.DATABASE_URL,
    statementTimeoutMs: pageStatementTimeoutMs,
    maxConnections: connectionsFor('product'),
    purpose: 'product_rows',
  })
  const following = new AbortController()
  const followed = followCatalogue({ prisma, catalogue, logger }, following.signal)
  void warnOfWritingRole(source, logger)
  void warnOfTimeZones({ source, prisma }, logger)
  const storage = createStorage(environment)
  const isOurs = expectOwnNamespace(environment, prisma, logger)
  // Heard below, where the process waits for its end.
  isOurs.catch(() => undefined)
  await Promise.race([isOurs, delay(namespaceWaitMs)])
  const engine = connectEngine(environment, { prisma, catalogue, logger })
  const clock = new DatabaseClock()
  void clock.follow(prisma, logger, following.signal)
  const { now } = clock
  const metricsPage = await serveMetrics(environment, { prisma, logger })
  const mailer = createInstallationMailer(environment, prisma)
  const watch = new InstallationWatch({ environment, prisma, engine, mailer, logger, now })
  const watched = watch.follow(following.signal)
  const feed = createReportFeed({ prisma, engine, logger, now })
  const app = createApp(
    {
      environment,
      prisma,
      auth: createAuth(prisma, environment, logger),
      catalogue,
      source,
      productSource,
      storage,
      engine,
      links: createLinkSigner(linkSecrets(environment), now),
      passwordLinks: createPasswordLinks(linkSecrets(environment), now),
      logger,
      now,
    },
    feed,
  )

  const server = await listen({ fetch: app.fetch, port: environment.PORT, hostname: environment.HOST })
  logger.info({ address: server.address() }, 'api ready')

  const signal = await Promise.race([stopped, isOurs.then(() => stopped)])
  logger.info({ signal }, 'api stopping: no new requests, those in flight finish')
  feed.close()
  await closed(server)
  await metricsPage?.close()
  following.abort()
  await followed
  // One that is telling somebody is not waited for: another process, or this one after its start, tells it.
  await Promise.race([watched, delay(1_000)])
  await Promise.allSettled([engine.close(), prisma.$disconnect(), source.close(), productSource.close()])
  storage.close()
  await tracing?.close()
  logger.info('api stopped')
}

/** Drops idle connections, and gives requests in flight `stopGraceMs`. Live streams have ended before. */
async function closed(server: Server): Promise<void> {
  const done = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), stopGraceMs)
  await done
  clearTimeout(timer)
}

const logger = createLogger('api')
logWholeProcess(logger)
try {
  await main(readEnvironment(), logger)
  process.exit(0)
} catch (error) {
  const exitCode = sayStartError(error, (words) => process.stderr.write(`${words}\n`))
  if (exitCode === null) logger.fatal({ err: error }, 'api failed')
  process.exit(exitCode ?? 1)
}
