/**
 * Slows down guessing passwords: after ten refused sign-ins within ten minutes an account is blocked, for that client,
 * for the rest of the window. Refusals alone count, so that an office behind one network address is not blocked by its
 * own people signing in. Counted in the database, for every process of the API together.
 */

import { createHash } from 'node:crypto'
import type { PrismaClient } from '#prisma/client/client.ts'
import { ApiProblem } from '../http/api-problem.ts'

const windowMs = 10 * 60 * 1000
const limits = {
  /** One person mistyping, at one network address. */
  perEmailAndClient: 10,
  /** One client trying many accounts; an office may share its network address. */
  perClient: 50,
  /** Many clients trying one account; so high that a person cannot block a colleague by hand. */
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
      const over = rows.filter((row) => wanted.some(({ key, max }) => key === row.key && row.failures >= max))
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
    /** The caller knew the password: its counts start from zero; the client's own count stays. */
    async accepted(attempt: Attempt): Promise<void> {
      const keys = countersOf(attempt).filter(({ key }) => !key.startsWith('client:'))
      await prisma.signInFailure.deleteMany({ where: { key: { in: keys.map(({ key }) => key) } } })
    },
  }
}

/** Addresses are hashed, so that the table does not list what people have mistyped. */
function countersOf({ email, client }: Attempt): { key: string; max: number }[] {
  const hash = createHash('sha256').update(email.trim().toLowerCase()).digest('hex')
  const here = client ?? 'unknown'
  return [
    { key: `both:${hash}:${here}`, max: limits.perEmailAndClient },
    { key: `email:${hash}`, max: limits.perEmail },
    ...(client ? [{ key: `client:${client}`, max: limits.perClient }] : []),
  ]
}
