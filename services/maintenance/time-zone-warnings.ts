/**
 * The rules of time zones that this process has are part of Node's ICU, so that an old Node knows old rules. Governments
 * change theirs a few times a year, some weeks ahead.
 */

import { setTimeout as delay } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import { SourceError } from '#adapters/source/source-error.ts'
import type { Source } from '#adapters/source/source.ts'
import { sql } from '#catalogue/sql.ts'
import type { Logger } from '#config/logger.ts'
import type { PrismaClient } from '#prisma/client.ts'

const advice = 'docs/operations.md, "Rules of time zones", says how to update them.'
/** Each zone is compared week by week, so that a change of clocks that is a week off at least is seen. */
const weeks = 53
const maxZones = 100
const retryMs = 30_000

/** Such as `2026e`: the year and the letter of the tz database's release. */
export function timeZoneDataVersion(): string {
  return process.versions.tz ?? 'unknown'
}

/**
 * Whether the rules are certainly older than a year. A version says the year of its release only, so that of last year
 * counts as new: nothing newer may have been released.
 */
export function isTimeZoneDataOutdated(version: string, now: Date): boolean {
  const year = Number(/^\d{4}/.exec(version)?.[0])
  return !(year >= now.getUTCFullYear() - 1)
}

interface Asked {
  source: Pick<Source, 'rows'>
  prisma: PrismaClient
  now: Date
  /** Of this process, unless a test says otherwise. */
  version?: string
}

/**
 * What is wrong with the rules of time zones, each a sentence: those of Node, which decide when a report is due and which
 * days it covers, older than a year; or, for a zone in use, others than those of the source, which writes the times.
 * @throws SourceError; the error of the product's own database.
 */
export async function timeZoneWarnings({
  source,
  prisma,
  now,
  version = timeZoneDataVersion(),
}: Asked): Promise<string[]> {
  const old = isTimeZoneDataOutdated(version, now)
    ? [`The rules of time zones are of ${version}, older than a year. ${advice}`]
    : []
  return [...old, ...(await differences(source, await zonesInUse(prisma), now))]
}

async function zonesInUse(prisma: PrismaClient): Promise<string[]> {
  const select = { timeZone: true } as const
  const [people, definitions] = await Promise.all([
    prisma.user.findMany({ distinct: ['timeZone'], select, take: maxZones }),
    prisma.scheduledReport.findMany({ distinct: ['timeZone'], select, take: maxZones }),
  ])
  return [...new Set([...definitions, ...people].map(({ timeZone }) => timeZone))].slice(0, maxZones)
}

async function differences(source: Pick<Source, 'rows'>, zones: string[], now: Date): Promise<string[]> {
  const start = Temporal.Instant.fromEpochMilliseconds(now.getTime())
  const instants = Array.from({ length: weeks }, (_, week) => start.add({ hours: week * 7 * 24 }))
  // A zone that this PostgreSQL does not know ends any query that names it.
  const { rows } = await source.rows(sql`
    select wanted.zone, known.name is not null, at::text,
      case when known.name is not null
        then extract(epoch from (at at time zone known.name) - (at at time zone 'UTC'))::int::text end
    from unnest(${zones}::text[]) as wanted (zone)
    left join pg_timezone_names known on known.name = wanted.zone
    cross join unnest(${instants.map(String)}::timestamptz[]) as at
    order by 1, at`)
  const found = new Map<string, string>()
  for (const [zone, isKnown, at, seconds] of rows) {
    if (zone === null || zone === undefined || found.has(zone)) continue
    if (isKnown !== 't') {
      found.set(zone, `${zone}: the source’s PostgreSQL does not know this time zone. ${advice}`)
      continue
    }
    const instant = Temporal.Instant.from((at ?? '').replace(' ', 'T'))
    const here = instant.toZonedDateTimeISO(zone).offsetNanoseconds / 1e9
    if (here === Number(seconds)) continue
    const day = instant.toString().slice(0, 10)
    const apart = `${here / 3600} h from UTC here, ${Number(seconds) / 3600} h in the source’s PostgreSQL`
    found.set(zone, `${zone}: on ${day} the clocks are ${apart}. ${advice}`)
  }
  return [...found.values()]
}

/** Logs each of `timeZoneWarnings`, once both databases answer. Never rejects. */
export async function warnOfTimeZones(asked: Omit<Asked, 'now'>, logger: Logger): Promise<void> {
  for (;;) {
    try {
      for (const warning of await timeZoneWarnings({ ...asked, now: new Date() })) logger.warn(warning)
      return
    } catch (error) {
      if (error instanceof SourceError && error.kind === 'rejected') {
        return logger.warn({ err: error }, 'whether the source has the same rules of time zones is not known')
      }
    }
    await delay(retryMs, undefined, { ref: false })
  }
}
