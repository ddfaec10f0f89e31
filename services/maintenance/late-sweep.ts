/**
 * The sweep as a sign of life: each minute it needs a worker, Temporal and the database. When the last one gets old, a
 * process of the API tells the administrators, once for all of its kind, and again when sweeps go on.
 */

import { Prisma, type PrismaClient } from '#prisma/client/client.ts'

type Database = Pick<PrismaClient, '$executeRaw' | '$queryRaw'>

/** What is to be told, and was claimed by the caller: `told` says that it was. */
export interface SweepNews {
  kind: 'sweep_late' | 'sweep_again'
  sweptAt: Date
  /** Of `sweep_again`: when they were told that it was late. */
  toldAt: Date | null
}

/** A process that claimed the news, and has not told them after this long, has failed; then any may. */
const claimHolds = Prisma.sql`interval '2 minutes'`

/** By the database's clock, since several workers take turns. */
export async function noteSweep(prisma: Database): Promise<void> {
  await prisma.$executeRaw`UPDATE installation SET swept_at = clock_timestamp()`
}

/** The reconciler ended without an error. */
export async function noteReconciled(prisma: Database): Promise<void> {
  await prisma.$executeRaw`UPDATE installation SET reconciled_at = clock_timestamp()`
}

/**
 * For a sweep with much to do, as after a long outage: called at each step, it is noted once a minute, so that nobody is
 * told that none was there.
 */
export function signOfLife(prisma: Database, everyMs = 60_000): () => void {
  let notedAt = performance.now()
  return () => {
    if (performance.now() - notedAt < everyMs) return
    notedAt = performance.now()
    noteSweep(prisma).catch(() => undefined)
  }
}

/** @returns when the last sweep was, if that is longer ago. */
export async function lateSweep(prisma: Database, minutes: number): Promise<Date | null> {
  const [row] = await prisma.$queryRaw<{ sweptAt: Date }[]>`
    SELECT swept_at AS "sweptAt" FROM installation WHERE swept_at < ${ago(minutes)}`
  return row?.sweptAt ?? null
}

/** @returns null when there is nothing to tell, or another process is at it. */
export async function claimSweepNews(prisma: Database, minutes: number): Promise<SweepNews | null> {
  const [row] = await prisma.$queryRaw<{ sweptAt: Date; toldAt: Date | null }[]>`
    UPDATE installation SET late_sweep_claimed_at = clock_timestamp()
    WHERE (late_sweep_claimed_at IS NULL OR late_sweep_claimed_at < clock_timestamp() - ${claimHolds})
      AND CASE
        WHEN late_sweep_told_at IS NULL THEN swept_at < ${ago(minutes)}
        ELSE swept_at > greatest(late_sweep_told_at, ${ago(minutes)})
      END
    RETURNING swept_at AS "sweptAt", late_sweep_told_at AS "toldAt"`
  return row ? { kind: row.toldAt === null ? 'sweep_late' : 'sweep_again', ...row } : null
}

/** What was not told stays claimed for a while, and is told then. */
export async function settleSweepNews(prisma: Database, { kind }: SweepNews): Promise<void> {
  const toldAt = kind === 'sweep_late' ? Prisma.sql`clock_timestamp()` : Prisma.sql`NULL`
  await prisma.$executeRaw`
    UPDATE installation SET late_sweep_told_at = ${toldAt}, late_sweep_claimed_at = NULL`
}

function ago(minutes: number): Prisma.Sql {
  return Prisma.sql`clock_timestamp() - make_interval(secs => ${minutes * 60}::double precision)`
}
