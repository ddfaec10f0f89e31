/**
 * One set of report types for all processes of an installation, on whatever machine. The process that starts, or is asked
 * to reload, writes the version of its files to the product's database; the others look there every few seconds, and
 * follow once their own folder holds the same files and none is faulty. Until then they keep the old ones.
 */

import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { LiveCatalogue } from '#catalogue/live-catalogue.ts'
import { CatalogueError } from '#catalogue/load-catalogue.ts'
import type { Logger } from '#config/logger.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { clearFault, noteFault } from './installation-faults.ts'

export interface SharedCatalogue {
  prisma: PrismaClient
  catalogue: LiveCatalogue
}

const lookEveryMs = 5_000

/**
 * Loads what the folder holds, uses it, and asks all other processes to do the same.
 * @throws CatalogueError when it is faulty; the old types stay, here and everywhere.
 */
export async function reloadCatalogue({ prisma, catalogue }: SharedCatalogue): Promise<void> {
  const files = await catalogue.read()
  await catalogue.use(files)
  await ask(prisma, files.version)
}

/** Runs until a stop: says which types this process started with, follows the others, and reloads on SIGHUP. */
export async function followCatalogue(
  shared: SharedCatalogue & { logger: Pick<Logger, 'info' | 'warn' | 'error'> },
  stop: AbortSignal,
): Promise<void> {
  const { prisma, catalogue, logger } = shared
  const started = catalogue.files.version
  logger.info({ version: started, types: catalogue.all().length }, 'report types in use')
  const onHangup = () => {
    reloadCatalogue(shared).then(
      () => logger.info({ version: catalogue.files.version }, 'report types reloaded: all processes follow'),
      (error: unknown) => logger.error(wordsOf(error), 'report types not reloaded: the old ones stay in use'),
    )
  }
  process.on('SIGHUP', onHangup)
  let isAsked = false
  let said: string | undefined
  let isClear = false
  while (!stop.aborted) {
    try {
      if (!isAsked) await ask(prisma, started)
      isAsked = true
      const fault = await follow(shared)
      if (fault === undefined) {
        if (said !== undefined || !isClear) await clearFault(prisma, 'report_types')
        if (said !== undefined) logger.info({ version: catalogue.files.version }, 'report types in use')
        isClear = true
      } else {
        // Each time: another process, for which all is well, may have removed it.
        await noteFault(prisma, 'report_types', {
          code: 'report_type_unknown',
          detail: `${hostname()}: ${fault}`,
        })
        if (fault !== said) logger.error({ fault }, 'report types not followed: the old ones stay in use')
      }
      said = fault
    } catch (error) {
      logger.warn(wordsOf(error), 'which report types are in use cannot be asked yet')
    }
    await delay(lookEveryMs, undefined, { signal: stop }).catch(() => undefined)
  }
  process.off('SIGHUP', onHangup)
}

/** @returns why this process cannot follow; undefined when it has what it should have. */
async function follow({ prisma, catalogue }: SharedCatalogue): Promise<string | undefined> {
  const inUse = await prisma.catalogueInUse.findUnique({ where: { id: 1 } })
  if (!inUse || inUse.version === catalogue.files.version) return undefined
  try {
    const files = await catalogue.read()
    if (files.version === inUse.version) {
      await catalogue.use(files)
      return undefined
    }
    return (
      `REPORTS_DIR holds version ${files.version} of the report types here, and ${inUse.version} is in use elsewhere. ` +
      'Put the same files there, or reload the types on the dashboard'
    )
  } catch (error) {
    if (error instanceof CatalogueError) return error.message
    throw error
  }
}

async function ask(prisma: PrismaClient, version: string): Promise<void> {
  const since = new Date()
  await prisma.catalogueInUse.upsert({
    where: { id: 1 },
    create: { version, since },
    update: { version, since },
  })
}

function wordsOf(error: unknown) {
  return error instanceof CatalogueError ? { fault: error.message } : { err: error }
}
