/** Changes of reports, for live pages: one query every 400 ms for the whole process, however many people watch. */

import type { Logger } from '#config/logger.ts'
import type { Engine } from '#services/engine.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { ReportJson, ReportProgress } from '#domain/schemas/report-schema.ts'
import { reportJson, withoutLog, type ListedReport } from './report-json.ts'
import { liveProgress } from './live-progress.ts'

export interface ReportChange {
  report: ReportJson
  /** When the row was last written: the id of the event, from which a client that reconnects resumes. */
  updatedAt: Date
}

interface Sent {
  updatedAt: number
  progress: ReportProgress | null
}

type Listener = (change: ReportChange) => void

export interface ReportFeed {
  /**
   * Changes of one owner's reports from now on, and those since `since`; without it those of the last ten seconds,
   * so that nothing is lost between reading a list and watching it. @returns ends the subscription.
   */
  subscribe(ownerId: string, listener: Listener, since?: Date): () => void
  /** Called when changes cannot be read, or the process ends: streams then close, rather than stay silent. */
  onClose(listener: () => void): () => void
  close(): void
}

interface Options {
  prisma: PrismaClient
  engine: Pick<Engine, 'progressOf'>
  logger: Logger
  now(): Date
  intervalMs?: number
}

/** `updated_at` is written by several processes whose clocks differ, in transactions that take a moment. */
const overlapMs = 10_000
/** A client that was away longer reads its list again. */
const maxReplayMs = 5 * 60_000
/** The progress of at most this many running reports is asked for in one poll. */
const maxProgress = 25
/** A change is to be on screens within a second of being written. */
const pollEveryMs = 400

export function createReportFeed({
  prisma,
  engine,
  logger,
  now,
  intervalMs = pollEveryMs,
}: Options): ReportFeed {
  const listeners = new Map<string, Set<Listener>>()
  const closing = new Set<() => void>()
  /** What was last sent of each report, so that the overlap sends nothing twice. */
  let sent = new Map<number, Sent>()
  let timer: NodeJS.Timeout | undefined
  let polledUntil = now()
  let closed = false

  const poll = async () => {
    // The last listener may have left while this poll was scheduled.
    if (listeners.size === 0) return
    const startedAt = now()
    const since = new Date(polledUntil.getTime() - overlapMs)
    const owners = [...listeners.keys()]
    const rows = await prisma.report.findMany({
      where: {
        ownerId: { in: owners },
        owner: { banned: false },
        OR: [{ updatedAt: { gte: since } }, { status: 'running' }],
      },
      orderBy: [{ updatedAt: 'asc' }, { number: 'asc' }],
      omit: withoutLog,
    })
    polledUntil = startedAt
    const seen = new Map<number, Sent>()
    for (const row of rows) {
      const updatedAt = row.updatedAt.getTime()
      const before = sent.get(row.number)
      // The engine is asked below, so that a new status does not wait for its answer.
      const known = row.status === 'running' ? (before?.progress ?? null) : null
      seen.set(row.number, { updatedAt, progress: known })
      if (before?.updatedAt === updatedAt) continue
      // Unchanged since before the first listener came, which has read this state with its list.
      if (!before && row.updatedAt < since) continue
      publish(row, known)
    }
    sent = seen
    const running = rows.filter((row) => row.status === 'running')
    for (const [row, progress] of await progressOf(running)) {
      const before = seen.get(row.number)
      if (!before || JSON.stringify(before.progress) === JSON.stringify(progress)) continue
      seen.set(row.number, { ...before, progress })
      publish(row, progress)
    }
  }

  const progressOf = async (
    rows: readonly ListedReport[],
  ): Promise<[ListedReport, ReportProgress | null][]> => {
    const asked = rows.slice(0, maxProgress)
    return await Promise.all(
      asked.map(async (row): Promise<[ListedReport, ReportProgress | null]> => [
        row,
        await liveProgress(engine, row),
      ]),
    )
  }

  const publish = (row: ListedReport, progress: ReportProgress | null) => {
    const change = { report: reportJson(row, progress), updatedAt: row.updatedAt }
    for (const listener of listeners.get(row.ownerId) ?? []) listener(change)
  }

  /** Clients reconnect: they get an error then, or resume where they were. */
  const endStreams = () => {
    for (const end of closing) end()
  }

  const schedule = () => {
    if (closed || timer !== undefined || listeners.size === 0) return
    timer = setTimeout(() => {
      poll()
        .catch((error: unknown) => {
          logger.warn({ err: error }, 'live reports could not be read')
          endStreams()
        })
        .finally(() => {
          timer = undefined
          schedule()
        })
    }, intervalMs)
    timer.unref()
  }

  /** For a client that names the last change it has. The overlap may repeat some, harmlessly: each is a whole state. */
  const replay = async (ownerId: string, listener: Listener, since: Date) => {
    const from = new Date(Math.max(since.getTime() - overlapMs, now().getTime() - maxReplayMs))
    const rows = await prisma.report.findMany({
      where: { ownerId, updatedAt: { gte: from } },
      orderBy: [{ updatedAt: 'desc' }, { number: 'desc' }],
      take: 200,
      omit: withoutLog,
    })
    for (const row of rows.reverse()) listener({ report: reportJson(row), updatedAt: row.updatedAt })
  }

  return {
    subscribe(ownerId, listener, since) {
      if (listeners.size === 0) {
        polledUntil = now()
        sent = new Map()
      }
      const own = listeners.get(ownerId) ?? new Set()
      own.add(listener)
      listeners.set(ownerId, own)
      replay(ownerId, listener, since ?? now()).catch((error: unknown) => {
        logger.warn({ err: error }, 'missed changes could not be read')
        endStreams()
      })
      schedule()
      return () => {
        own.delete(listener)
        if (own.size === 0) listeners.delete(ownerId)
      }
    },
    onClose(listener) {
      closing.add(listener)
      return () => closing.delete(listener)
    },
    close() {
      closed = true
      endStreams()
      clearTimeout(timer)
      listeners.clear()
    },
  }
}
