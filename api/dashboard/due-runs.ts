/** What is due in the next 24 hours and 7 days, from the definitions' own timings. */

import type { Locale } from '#domain/locale.ts'
import { dueRunSchema, type Dashboard } from '#domain/schemas/dashboard-schema.ts'
import { dayBounds } from '#domain/timing/day-bounds.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'
import type { TimingRow } from '#services/definitions/stored-timing.ts'
import { daysFrom, todayIn } from './local-days.ts'
import type { KnownRuns } from './known-runs.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** More than a person reads; the counts by hour include the others. */
const maxItems = 60

interface View {
  prisma: PrismaClient
  catalogue: Catalogue
  knownRuns: KnownRuns
  now: Date
  timeZone: string
  locale: Locale
}

/** Definitions that run at the same times. */
type Group = TimingRow & { ids: string[] }

export async function dueRuns(view: View): Promise<Dashboard['due']> {
  const now = view.now.getTime()
  const groups = await view.prisma.$queryRaw<Group[]>`
    SELECT frequency, time, weekdays, month_day AS "monthDay", cron_expression AS "cronExpression",
      time_zone AS "timeZone", array_agg(id::text ORDER BY id) AS ids
    FROM scheduled_report WHERE enabled
    GROUP BY frequency, time, weekdays, month_day, cron_expression, time_zone`
  const runs = await view.knownRuns.runsOf(groups, now, now + 7 * dayMs)

  const days = daysFrom(todayIn(view.timeZone, view.now), 8).map((date) => ({
    date,
    ends: dayBounds({ from: date, to: date }, view.timeZone).to.getTime(),
    count: 0,
  }))
  const firstHour = Math.floor(now / hourMs) * hourMs
  const hours = Array.from({ length: 25 }, (_, index) => ({ at: firstHour + index * hourMs, count: 0 }))
  const soon: { at: number; ids: readonly string[] }[] = []
  const total = { day: 0, week: 0 }
  groups.forEach(({ ids }, index) => {
    let day = 0
    for (const at of runs[index] ?? []) {
      while (day < days.length - 1 && at > (days[day]?.ends ?? 0)) day++
      const date = days[day]
      if (date) date.count += ids.length
      total.week += ids.length
      if (at >= now + dayMs) continue
      const hour = hours[Math.floor((at - firstHour) / hourMs)]
      if (hour) hour.count += ids.length
      total.day += ids.length
      soon.push({ at, ids })
    }
  })
  const first = soon
    .sort((one, other) => one.at - other.at)
    .slice(0, maxItems)
    .flatMap(({ at, ids }) => ids.slice(0, maxItems).map((id) => ({ at, id })))
    .slice(0, maxItems)
  return {
    next_24_hours: {
      total: total.day,
      items: await itemsOf(first, view),
      hours: hours.map(({ at, count }) => ({ from: new Date(at).toISOString(), count })),
    },
    next_7_days: { total: total.week, days: days.map(({ date, count }) => ({ date, count })) },
  }
}

async function itemsOf(runs: readonly { at: number; id: string }[], view: View) {
  if (runs.length === 0) return []
  const rows = await view.prisma.scheduledReport.findMany({
    where: { id: { in: [...new Set(runs.map(({ id }) => id))] } },
    select: {
      id: true,
      name: true,
      type: true,
      format: true,
      recipients: true,
      owner: { select: { name: true } },
    },
  })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return runs.flatMap(({ at, id }) => {
    const row = byId.get(id)
    // The definition was deleted since the first statement.
    if (!row) return []
    return [
      {
        scheduled_report_id: id,
        name: row.name,
        owner_name: row.owner.name,
        at: new Date(at).toISOString(),
        type_title: view.catalogue.get(row.type)?.title[view.locale] ?? row.type,
        format: dueRunSchema.shape.format.parse(row.format),
        recipient_count: row.recipients.length,
      },
    ]
  })
}
