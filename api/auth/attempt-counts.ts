/** Counts attempts within a window of ten minutes, in the database, for every process of the API together. */

import type { PrismaClient } from '#prisma/client/client.ts'
import { ApiProblem } from '../http/api-problem.ts'

const windowMs = 10 * 60 * 1000

export interface Counter {
  key: string
  max: number
}

export function createAttemptCounts(prisma: PrismaClient, now: () => Date) {
  return {
    /**
     * Counts one attempt in one statement, so that a hundred at once are not all let through.
     * @throws ApiProblem `too_many_attempts` with Retry-After, when one of the counters is over its maximum.
     */
    async count(counters: readonly Counter[]): Promise<void> {
      if (counters.length === 0) return
      const at = now()
      const endsAt = new Date(at.getTime() + windowMs)
      // In one order everywhere, so that two attempts do not wait for each other.
      const keys = counters.map(({ key }) => key).sort()
      const rows = await prisma.$queryRaw<{ key: string; failures: number; window_ends_at: Date }[]>`
        INSERT INTO sign_in_failure AS counted (key, failures, window_ends_at)
        SELECT key, 1, ${endsAt} FROM unnest(${keys}::text[]) WITH ORDINALITY AS wanted (key, place) ORDER BY place
        ON CONFLICT (key) DO UPDATE SET
          failures = CASE WHEN counted.window_ends_at <= ${at} THEN 1 ELSE counted.failures + 1 END,
          window_ends_at = CASE WHEN counted.window_ends_at <= ${at} THEN ${endsAt} ELSE counted.window_ends_at END
        RETURNING key, failures, window_ends_at`
      const over = rows.filter((row) =>
        counters.some(({ key, max }) => key === row.key && row.failures > max),
      )
      if (over.length === 0) return
      const last = Math.max(...over.map((row) => row.window_ends_at.getTime()))
      const seconds = Math.max(1, Math.ceil((last - at.getTime()) / 1000))
      throw new ApiProblem('too_many_attempts', { headers: { 'retry-after': String(seconds) } })
    },
    async takeOff(counters: readonly Counter[]): Promise<void> {
      await prisma.signInFailure.updateMany({
        where: { key: { in: counters.map(({ key }) => key) }, failures: { gt: 0 } },
        data: { failures: { decrement: 1 } },
      })
    },
    async reset(counters: readonly Counter[]): Promise<void> {
      await prisma.signInFailure.deleteMany({ where: { key: { in: counters.map(({ key }) => key) } } })
    },
  }
}
