/** Creates the bucket where it is missing, finds what the storage can, and says so in the log and to administrators. */

import { setTimeout as delay } from 'node:timers/promises'
import { probeStorage, type StorageProbe } from '#adapters/storage/probe-storage.ts'
import { StorageError } from '#adapters/storage/storage-error.ts'
import type { Storage } from '#adapters/storage/storage.ts'
import type { StorageSettings } from '#adapters/storage/storage-client.ts'
import type { Logger } from '#config/logger.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { clearFault, noteFault } from './installation-faults.ts'

export interface StorageOpening {
  storage: Storage
  environment: StorageSettings
  prisma: PrismaClient
  logger: Pick<Logger, 'info' | 'warn' | 'error'>
}

const maxWaitMs = 10_000

/** Tries again while the storage, or the product's database, is away. Never rejects. */
export async function openStorage(opening: StorageOpening, stop: AbortSignal): Promise<void> {
  for (let waitMs = 500; !stop.aborted; waitMs = Math.min(waitMs * 2, maxWaitMs)) {
    try {
      return await openOnce(opening)
    } catch (error) {
      opening.logger.warn({ err: error, waitMs }, 'the storage is not answering yet, trying again')
      await delay(waitMs, undefined, { signal: stop }).catch(() => undefined)
    }
  }
}

async function openOnce({ storage, environment, prisma, logger }: StorageOpening): Promise<void> {
  try {
    await storage.ensureBucket()
  } catch (error) {
    const isRefused = error instanceof StorageError && !['unavailable', 'no_credentials'].includes(error.kind)
    if (!isRefused) throw error
    // Keys that may use a bucket need not be allowed to look at it: the probe tells.
    logger.warn({ err: error }, 'the bucket could not be looked at or created')
  }
  const { lacksNeeded, lacksUseful } = await probeStorage(environment)
  if (Object.keys(lacksUseful).length > 0) {
    logger.info(
      { lacks: wordsOf(lacksUseful) },
      'the storage lacks something that is then done in another way',
    )
  }
  const lacks = wordsOf(lacksNeeded)
  if (lacks.length === 0) {
    logger.info('the storage can all that is needed')
    await clearFault(prisma, 'storage_abilities')
    return
  }
  logger.error({ lacks }, 'the storage lacks something needed: see "The storage" in docs/operations.md')
  const isRefused = Object.values(lacksNeeded).some(({ kind }) => kind === 'rejected')
  await noteFault(prisma, 'storage_abilities', {
    code: isRefused ? 'storage_refused' : 'storage_unsupported',
    detail: lacks.join('; '),
  })
}

function wordsOf(lacking: StorageProbe['lacksNeeded']): string[] {
  return Object.entries(lacking).map(([ability, { message }]) => `${ability}: ${message}`)
}
