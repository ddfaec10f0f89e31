/**
 * Bounds the passwords that are hashed at once. A hash takes 16 MB, a thread of libuv's four and a whole processor for
 * about 80 ms: two leave threads for files and names, on a machine of two processors one leaves the other for the rest.
 * Whoever comes when forty wait is told to come back.
 */

import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import type { Environment } from '#config/environment.ts'
import { ApiProblem } from '../http/api-problem.ts'

const atOnce = Math.max(1, Math.min(2, availableParallelism() - 1))
const waitingAtMost = 40
const limit = pLimit(atOnce)

/** @throws ApiProblem `too_busy` with Retry-After. */
export async function passwordWork<Result>(hash: () => Promise<Result>): Promise<Result> {
  if (limit.pendingCount >= waitingAtMost)
    throw new ApiProblem('too_busy', { headers: { 'retry-after': '2' } })
  return limit(hash)
}

/** @throws ApiProblem `password_sign_in_closed` where people sign in by the provider alone. */
export function requirePasswordSignIn({ PASSWORD_SIGN_IN }: Pick<Environment, 'PASSWORD_SIGN_IN'>): void {
  if (!PASSWORD_SIGN_IN) throw new ApiProblem('password_sign_in_closed')
}
