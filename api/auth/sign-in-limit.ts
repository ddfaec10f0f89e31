/**
 * Slows down guessing passwords. An attempt is counted before the password is hashed; what was accepted is taken off
 * again. Knowing an address must not be enough to lock its person out: a browser that this person signed in with before
 * (see known-device.ts) has a count of its own, which nobody else can fill.
 */

import { createHash } from 'node:crypto'
import type { PrismaClient } from '#prisma/client/client.ts'
import { createAttemptCounts, type Counter } from './attempt-counts.ts'

const limits = {
  /** One person mistyping, in a browser they signed in with before. */
  perDevice: 10,
  /** One person mistyping, at one network address. */
  perEmailAndClient: 10,
  /** One client trying many accounts; an office may share its network address. */
  perClient: 100,
  /** Many clients trying one account: it takes twenty to fill it, and known browsers are not held up. */
  perEmail: 200,
}

export interface Attempt {
  email: string
  /** The client's network address, when known. */
  client: string | null
  /** The browser's own name, when this person signed in with it before. */
  device: string | null
}

export function createSignInLimit(prisma: PrismaClient, now: () => Date) {
  const counts = createAttemptCounts(prisma, now)
  return {
    /** Counts the attempt. @throws ApiProblem `too_many_attempts` with Retry-After. */
    async begin(attempt: Attempt): Promise<void> {
      const { own, client, email } = countersOf(attempt)
      await counts.count([...own, ...client])
      // What one client was refused does not count against the address.
      await counts.count(email)
    },
    /** The password was right: the counts of this person start from zero; the client's loses this attempt. */
    async accepted(attempt: Attempt): Promise<void> {
      const { own, client, email } = countersOf(attempt)
      await counts.reset([...own, ...email])
      await counts.takeOff(client)
    },
    /** The password was not looked at. */
    async withdrawn(attempt: Attempt): Promise<void> {
      const { own, client, email } = countersOf(attempt)
      await counts.takeOff([...own, ...client, ...email])
    },
  }
}

/** Addresses are hashed, so that the table does not list what people have mistyped. */
function countersOf({ email, client, device }: Attempt): Record<'own' | 'client' | 'email', Counter[]> {
  if (device !== null) {
    return { own: [{ key: `device:${device}`, max: limits.perDevice }], client: [], email: [] }
  }
  const hash = hashOfAddress(email)
  return {
    own: [{ key: `both:${hash}:${client ?? 'unknown'}`, max: limits.perEmailAndClient }],
    client: client === null ? [] : [{ key: `client:${client}`, max: limits.perClient }],
    email: [{ key: `email:${hash}`, max: limits.perEmail }],
  }
}

export function hashOfAddress(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('hex')
}
