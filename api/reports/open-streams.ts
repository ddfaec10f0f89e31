/** The live streams of this process: few per person, bounded in all, and none longer than what opened it. */

import type { Logger } from '#config/logger.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { Access } from '../http/api-env.ts'
import { ApiProblem } from '../http/api-problem.ts'

/** Why the service ends a stream. */
export type StreamEnd = 'displaced' | 'revoked'

interface OpenStream {
  personId: string
  access: Access
  end(why: StreamEnd): void
}

export interface OpenStreams {
  /**
   * Counts a stream in; the person's oldest ends when they have too many.
   * @returns counts it out.
   * @throws ApiProblem `too_many_streams` when the process has as many as it takes.
   */
  open(stream: OpenStream): () => void
}

interface Options {
  prisma: PrismaClient
  logger: Logger
  now(): Date
  maxStreams?: number
}

/** Browsers open six connections to a host at most; the rest is for a second device. */
const maxPerPerson = 8
/** Of a process. */
const mostStreams = 500
/** A stream goes on this much longer than its session, its key or its person's account. */
const checkEveryMs = 2_000

export function createOpenStreams({ prisma, logger, now, maxStreams = mostStreams }: Options): OpenStreams {
  /** The oldest first. */
  const streams = new Set<OpenStream>()
  let timer: NodeJS.Timeout | undefined

  /** One look at each table for all streams together. */
  const endRevoked = async () => {
    const open = [...streams]
    const idsOf = (by: Access['by']) => open.flatMap(({ access }) => (access.by === by ? [access.id] : []))
    const at = now()
    const [sessions, keys, people] = await Promise.all([
      prisma.session.findMany({
        where: { id: { in: idsOf('session') }, expiresAt: { gt: at } },
        select: { id: true },
      }),
      prisma.apikey.findMany({
        where: {
          id: { in: idsOf('key') },
          enabled: true,
          OR: [{ expiresAt: null }, { expiresAt: { gt: at } }],
        },
        select: { id: true },
      }),
      prisma.user.findMany({
        where: {
          id: { in: open.map(({ personId }) => personId) },
          banned: false,
        },
        select: { id: true },
      }),
    ])
    const valid = new Set([...sessions, ...keys].map(({ id }) => id))
    const active = new Set(people.map(({ id }) => id))
    for (const stream of open) {
      if (!valid.has(stream.access.id) || !active.has(stream.personId)) stream.end('revoked')
    }
  }

  const schedule = () => {
    if (timer !== undefined || streams.size === 0) return
    timer = setTimeout(() => {
      endRevoked()
        // With the database away the feed cannot be read either, and ends every stream.
        .catch((error: unknown) => logger.warn({ err: error }, 'live streams could not be checked'))
        .finally(() => {
          timer = undefined
          schedule()
        })
    }, checkEveryMs)
    timer.unref()
  }

  return {
    open(stream) {
      const own = [...streams].filter(({ personId }) => personId === stream.personId)
      for (const oldest of own.slice(0, Math.max(0, own.length + 1 - maxPerPerson))) {
        streams.delete(oldest)
        oldest.end('displaced')
      }
      if (streams.size >= maxStreams) {
        throw new ApiProblem('too_many_streams', { headers: { 'retry-after': '30' } })
      }
      streams.add(stream)
      schedule()
      return () => void streams.delete(stream)
    },
  }
}
