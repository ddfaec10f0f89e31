import type { Client } from '@temporalio/client'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'

/** What keeping definitions, Schedules and occurrences in agreement takes. */
export interface ServiceContext {
  prisma: PrismaClient
  temporal: Client
  catalogue: Catalogue
  /** The installation's: minutes over which starts are spread, for definitions that do not say otherwise. */
  spreadMinutes: number
}
