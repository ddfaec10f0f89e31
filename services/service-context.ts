import type { Client } from '@temporalio/client'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'

/** The clients and settings that the services need. */
export interface ServiceContext {
  prisma: PrismaClient
  temporal: Client
  catalogue: Catalogue
  /** The installation's minutes over which starts are spread, for definitions without a value of their own. */
  spreadMinutes: number
  /** Under `missed_runs: none`, one that would begin later than this, its spread not counted, is skipped. */
  missedAfterMinutes: number
}
