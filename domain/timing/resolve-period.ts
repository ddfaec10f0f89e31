import { Temporal } from 'temporal-polyfill'
import type { AbsolutePeriod, PeriodValue, RelativePeriod } from '../report-type.ts'

/**
 * The days a period filter covers, both included, seen from `at` (the *scheduled* time of an occurrence) on the
 * calendar of `timeZone`. Weeks start on Monday.
 *
 * `last_7_days` and `last_30_days` are whole days and end yesterday, so that a report sent each morning, or each
 * Monday, covers every day once and none in part. `this_…` is the whole calendar period, its coming days too.
 */
export function resolvePeriod(
  value: PeriodValue,
  { at, timeZone }: { at: Date; timeZone: string },
): AbsolutePeriod {
  if (!('relative' in value)) return { from: value.from, to: value.to }
  const today = Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
  const [from, to] = relativeDays(value.relative, today)
  return { from: from.toString(), to: to.toString() }
}

function relativeDays(
  relative: RelativePeriod,
  today: Temporal.PlainDate,
): [Temporal.PlainDate, Temporal.PlainDate] {
  const yesterday = today.subtract({ days: 1 })
  switch (relative) {
    case 'today':
      return [today, today]
    case 'yesterday':
      return [yesterday, yesterday]
    case 'last_7_days':
      return [today.subtract({ days: 7 }), yesterday]
    case 'last_30_days':
      return [today.subtract({ days: 30 }), yesterday]
    case 'this_week':
      return week(today)
    case 'previous_week':
      return week(today.subtract({ weeks: 1 }))
    case 'this_month':
      return month(today)
    case 'previous_month':
      return month(today.subtract({ months: 1 }))
    case 'this_year':
      return year(today)
    case 'previous_year':
      return year(today.subtract({ years: 1 }))
  }
}

function week(day: Temporal.PlainDate): [Temporal.PlainDate, Temporal.PlainDate] {
  const monday = day.subtract({ days: day.dayOfWeek - 1 })
  return [monday, monday.add({ days: 6 })]
}

function month(day: Temporal.PlainDate): [Temporal.PlainDate, Temporal.PlainDate] {
  return [day.with({ day: 1 }), day.with({ day: day.daysInMonth })]
}

function year(day: Temporal.PlainDate): [Temporal.PlainDate, Temporal.PlainDate] {
  return [day.with({ month: 1, day: 1 }), day.with({ month: 12, day: 31 })]
}
