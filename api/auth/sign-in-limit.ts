/**
 * Slows down guessing passwords: after ten refused sign-ins within ten minutes the address tried, from where it was
 * tried, waits for the rest of the window. Refusals alone count, so that an office behind one address is not shut out
 * by its own people signing in. Kept in the database: it holds for every process of the API.
 */

import { createHash } from 'node:crypto'
import type { PrismaClient } from '#prisma/client/client.ts'
import { ApiProblem } from '../http/api-problem.ts'

const windowMs = 10 * 60 * 1000
const limits = {
  /** One person's mistakes, from where they sit. */
  perEmailAndClient: 10,
  /** Somebody trying many addresses; an office may share one. */
  perClient: 50,
  /** Many machines trying one address; so high that nobody can shut out a colleague by hand. */
  perEmail: 200,
}

interface Attempt {
  email: string
  /** The client's network address, when known. */
  client: string | null
}

export function createSignInLimit(prisma: PrismaClient, now: () => Date) {
  return {
    /** @throws ApiProblem `too_many_attempts` with Retry-After. */
    async check(attempt: Attempt): Promise<void> {
      const wanted = countersOf(attempt)
      const rows = await prisma.signInFailure.findMany({
        where: { key: { in: wanted.map(({ key }) => key) }, windowEndsAt: { gt: now() } },
      })
      const over = rows.filter((row) =>
        wanted.some(({ key, most }) => key === row.key && row.failures >= most),
      )
      if (over.length === 0) return
      const endsAt = Math.max(...over.map((row) => row.windowEndsAt.getTime()))
      const seconds = Math.max(1, Math.ceil((endsAt - now().getTime()) / 1000))
      throw new ApiProblem('too_many_attempts', { headers: { 'retry-after': String(seconds) } })
    },
    async refused(attempt: Attempt): Promise<void> {
      const endsAt = new Date(now().getTime() + windowMs)
      await prisma.signInFailure.deleteMany({ where: { windowEndsAt: { lt: now() } } })
      for (const { key } of countersOf(attempt)) {
        await prisma.$executeRaw`
          INSERT INTO sign_in_failure (key, failures, window_ends_at) VALUES (${key}, 1, ${endsAt})
          ON CONFLICT (key) DO UPDATE SET failures = sign_in_failure.failures + 1`
      }
    },
    /** Whoever got in is no guesser of that password; the client's own count stays. */
    async accepted(attempt: Attempt): Promise<void> {
      const keys = countersOf(attempt).filter(({ key }) => !key.startsWith('client:'))
      await prisma.signInFailure.deleteMany({ where: { key: { in: keys.map(({ key }) => key) } } })
    },
  }
}

/** Addresses are hashed: the table is no list of what people have mistyped. */
function countersOf({ email, client }: Attempt): { key: string; most: number }[] {
  const hash = createHash('sha256').update(email.trim().toLowerCase()).digest('hex')
  const here = client ?? 'unknown'
  return [
    { key: `both:${hash}:${here}`, most: limits.perEmailAndClient },
    { key: `email:${hash}`, most: limits.perEmail },
    ...(client ? [{ key: `client:${client}`, most: limits.perClient }] : []),
  ]
}
