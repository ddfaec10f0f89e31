/**
 * What must hold for the installation to work, each asked in one way, whoever wants to know. Without its dependencies the
 * API answers no request as it should; the other conditions concern reports alone. What is found wrong is noted: see
 * installation-faults.ts, where workers note what they meet themselves.
 */

import type { DatabasePing } from '#adapters/database-ping.ts'
import { MailError } from '#adapters/mail/classify-mail-error.ts'
import type { Mailer } from '#adapters/mail/mailer.ts'
import type { Source } from '#adapters/source/source.ts'
import type { Storage } from '#adapters/storage/storage.ts'
import type { FailureCode } from '#domain/failures.ts'
import type { InstallationPart } from '#domain/installation-part.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { missingMigrations } from '#prisma/known-migrations.ts'
import type { Engine } from '../engine.ts'
import { presentMailFault } from '../notices/mail-fault.ts'
import { readFaults, type PresentFault } from './installation-faults.ts'
import { lateSweep } from './late-sweep.ts'

export const dependencies = ['database', 'migrations', 'source', 'storage', 'temporal'] as const
export type Dependency = (typeof dependencies)[number]

/** Each throws where its part does not answer as it should. */
export function dependencyChecks(parts: {
  /** Of the product's own database, on a connection of its own: a busy pool is no outage. */
  database: DatabasePing
  source: Pick<Source, 'ping'>
  storage: Pick<Storage, 'ping'>
  engine: Pick<Engine, 'ping'>
}): Record<Dependency, () => Promise<unknown>> {
  const { database, source, storage, engine } = parts
  return {
    database: () => database.ping(),
    migrations: async () => {
      const missing = await missingMigrations((sql) => database.ask(sql))
      if (missing.length > 0) throw new Error(`Not migrated: ${missing.join(', ')}`)
    },
    source: () => source.ping(),
    storage: () => storage.ping(),
    temporal: async () => {
      if (!(await engine.ping())) throw new Error('Temporal does not answer')
    },
  }
}

export interface Finding {
  code: FailureCode
  /** Technical words. */
  detail: string
}

export interface ConditionCheck {
  part: InstallationPart
  /** Not asked again this soon after nothing was wrong. */
  goodForMs?: number
  /** @throws where it cannot be told. */
  find(): Promise<Finding | null>
}

const pollsWithinMs = 2 * 60_000
/** Each is a connection and a sign-in for the mail server. */
const mailEveryMs = 60_000
const mailAnswerMs = 20_000

export function conditionChecks(parts: {
  prisma: PrismaClient
  engine: Pick<Engine, 'isPolledSince'>
  mailer: Pick<Mailer, 'ping' | 'server'>
  now: () => Date
  /** WATCHDOG_AFTER_MINUTES. */
  lateAfterMinutes: number
}): ConditionCheck[] {
  const { prisma, engine, mailer, now, lateAfterMinutes } = parts
  return [
    {
      part: 'workers',
      find: async () => {
        if (await engine.isPolledSince(new Date(now().getTime() - pollsWithinMs))) return null
        return {
          code: 'worker_lost',
          detail: 'No worker has asked Temporal for work in the last two minutes',
        }
      },
    },
    {
      part: 'sweep',
      find: async () => {
        const sweptAt = await lateSweep(prisma, lateAfterMinutes)
        return sweptAt && { code: 'internal_error', detail: `The last one was at ${sweptAt.toISOString()}` }
      },
    },
    {
      part: 'mail_connection',
      goodForMs: mailEveryMs,
      find: async () => {
        try {
          await mailer.ping({ signal: AbortSignal.timeout(mailAnswerMs) })
          return null
        } catch (error) {
          if (!(error instanceof MailError)) throw error
          const code = error.code === 'mail_interrupted' ? 'mail_unavailable' : error.code
          return { code, detail: `${mailer.server}: ${error.response ?? error.message}` }
        }
      },
    },
  ]
}

/** What was found wrong, by whichever process, and is not mended: the gravest first, then the oldest. */
export async function presentFaults(prisma: PrismaClient): Promise<PresentFault[]> {
  const [refusal, faults] = await Promise.all([presentMailFault(prisma), readFaults(prisma)])
  return [...(refusal ? [refusal] : []), ...faults]
}
