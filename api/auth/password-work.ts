/**
 * Bounds the passwords that are hashed at once. A hash holds a thread of libuv's four and 16 MB for about 80 ms: two
 * leave threads for files and names, and whoever comes when forty wait is told to come back.
 */

import pLimit from 'p-limit'
import type { Environment } from '#config/environment.ts'
import { ApiProblem } from '../http/api-problem.ts'

const atOnce = 2
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
