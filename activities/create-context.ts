import type { Client } from '@temporalio/client'
import { linkSecrets } from '#config/secrets.ts'
import { createPasswordLinks } from '#adapters/password-link.ts'
import { createLinkSigner } from '#adapters/signed-link.ts'
import { createSource } from '#adapters/source/source.ts'
import { createStorage } from '#adapters/storage/storage.ts'
import type { Environment } from '#config/environment.ts'
import { createInstallationMailer } from '#services/notices/installation-mailer.ts'
import { createMailPace } from '#services/mail-pace/mail-pace.ts'
import { createPrisma } from '#prisma/client.ts'
import { openCatalogue, type LiveCatalogue } from '#catalogue/live-catalogue.ts'
import type { ActivityContext } from './activity-context.ts'
import { MailTurns } from './mail-turns.ts'
import { createFileProcesses } from '#files/process/file-processes.ts'

/**
 * An attempt waits this long for a restart of the product's own database, so that the restart uses up none of the
 * three attempts. Well below the heartbeat timeout of `generate` and the start-to-close of bookkeeping.
 */
const databaseConnectTimeoutMs = 20_000

/** For the names in filters: files have connections of their own. */
const productConnections = 2

/** Opens the connections of the activities. `close` ends all of them. */
export async function createContext(
  environment: Environment,
  temporal: Client,
  opened?: LiveCatalogue,
): Promise<{ context: ActivityContext; close: () => Promise<void> }> {
  const catalogue = opened ?? (await openCatalogue(environment))
  const prisma = createPrisma(environment.DATABASE_URL, { connectTimeoutMs: databaseConnectTimeoutMs })
  const source = createSource({
    connectionString: environment.SOURCE_DATABASE_URL,
    statementTimeoutMs: environment.SOURCE_STATEMENT_TIMEOUT_SECONDS * 1000,
  })
  const productSource = createSource({
    connectionString: environment.DATABASE_URL,
    statementTimeoutMs: environment.SOURCE_STATEMENT_TIMEOUT_SECONDS * 1000,
    maxConnections: productConnections,
    purpose: 'product_rows',
  })
  const mailer = createInstallationMailer(environment, prisma)
  const files = createFileProcesses(environment, () => catalogue.files)
  const context: ActivityContext = {
    environment,
    prisma,
    catalogue,
    source,
    productSource,
    files,
    storage: createStorage(environment),
    mailer,
    mailTurns: new MailTurns(
      createMailPace(prisma, {
        server: mailer.server,
        maxConnections: environment.MAIL_MAX_CONNECTIONS,
        maxRate: environment.MAIL_RATE_PER_SECOND,
      }),
      () => context.mailer.openLine(),
    ),
    links: createLinkSigner(linkSecrets(environment)),
    passwordLinks: createPasswordLinks(linkSecrets(environment)),
    temporal,
    spreadMinutes: environment.SCHEDULE_SPREAD_MINUTES,
    missedAfterMinutes: environment.MISSED_AFTER_MINUTES,
  }
  return {
    context,
    close: async () => {
      const all = [prisma.$disconnect(), source.close(), productSource.close(), mailer.close(), files.close()]
      await Promise.allSettled(all)
    },
  }
}
