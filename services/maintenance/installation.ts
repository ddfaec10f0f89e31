/**
 * Whose a Temporal namespace is. Two installations in one would take each other's reports from the queues, and delete
 * each other's Schedules as those of definitions that are gone. The note of the sweep's Schedule is the claim: it is
 * there as long as a worker is, can be read in Temporal Web, and is not sealed.
 */

import { setTimeout as delay } from 'node:timers/promises'
import { ScheduleNotFoundError, type Client } from '@temporalio/client'
import type { Environment } from '#config/environment.ts'
import type { Logger } from '#config/logger.ts'
import { maintenanceSchedules } from '#contract/names.ts'
import { StartError } from '#domain/start-error.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { createTemporalClient } from '../temporal/data-converter.ts'
import { lazyTemporalConnection, temporalConnectionOptions } from '../temporal/temporal-connection.ts'

export interface Installation {
  /** Of its database. */
  id: string
  /** Its address, by which people know it. */
  url: string
}

/** The namespace is another installation's. Its message says what to do. */
export class ForeignNamespaceError extends StartError {
  override readonly name = 'ForeignNamespaceError'

  constructor(namespace: string, owner: Installation, own: Installation) {
    super(
      [
        `The Temporal namespace ${namespace} belongs to another installation, ${owner.url} (${owner.id}); ` +
          `this one is ${own.url} (${own.id}). Two in one would delete each other’s schedules.`,
        'Give this one a namespace of its own (TEMPORAL_NAMESPACE). If the other is gone for good, or this database ' +
          'replaces its own, take its claim away and start again: ' +
          `temporal schedule delete --namespace ${namespace} --schedule-id ${maintenanceSchedules.sweep}`,
      ].join('\n'),
    )
  }
}

const retryMs = 2_000
const answerWithinMs = 5_000

export async function readInstallation(
  prisma: PrismaClient,
  { PUBLIC_URL }: Pick<Environment, 'PUBLIC_URL'>,
): Promise<Installation> {
  const { id } = await prisma.installation.findFirstOrThrow()
  return { id, url: PUBLIC_URL }
}

export function claimOf({ id, url }: Installation): string {
  return `Rapporteur ${url} [${id}]`
}

/**
 * A note without a claim is an operator's, or of a release that made none: the namespace is free to be claimed.
 * @throws ForeignNamespaceError
 */
export function refuseForeignClaim(temporal: Client, note: string | undefined, own: Installation): void {
  const claim = /^Rapporteur (?<url>\S+) \[(?<id>[\da-f-]{36})\]$/.exec(note ?? '')?.groups
  if (!claim || claim['id'] === own.id) return
  const owner = { id: claim['id'] ?? '', url: claim['url'] ?? '' }
  throw new ForeignNamespaceError(temporal.options.namespace, owner, own)
}

/** @throws ForeignNamespaceError when another installation has claimed the namespace. */
export async function refuseForeignNamespace(temporal: Client, own: Installation): Promise<void> {
  try {
    const { state } = await temporal.schedule.getHandle(maintenanceSchedules.sweep).describe()
    refuseForeignClaim(temporal, state.note, own)
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
  }
}

/** The same, once database and engine answer, for a process that works without them meanwhile. */
export async function expectOwnNamespace(
  environment: Environment,
  prisma: PrismaClient,
  logger: Logger,
): Promise<void> {
  const connection = lazyTemporalConnection(temporalConnectionOptions(environment))
  const temporal = createTemporalClient(connection, environment)
  try {
    for (;;) {
      try {
        const own = await readInstallation(prisma, environment)
        return await connection.withDeadline(Date.now() + answerWithinMs, () =>
          refuseForeignNamespace(temporal, own),
        )
      } catch (error) {
        if (error instanceof ForeignNamespaceError) throw error
        logger.debug({ err: error }, 'whose the namespace is cannot be asked yet')
        await delay(retryMs)
      }
    }
  } finally {
    await connection.close()
  }
}
