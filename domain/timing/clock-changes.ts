import { offsetPeriods } from './zone-offsets.ts'
import { isHourly, matchesDate } from './timing.ts'
import type { Timing } from './timing.ts'

/** Wall-clock times that a change of the clocks takes away or gives twice. Wall times: milliseconds, as if UTC. */
export interface ClockChange {
  kind: 'skipped' | 'doubled'
  /** Epoch milliseconds. */
  at: number
  /** The wall-clock times concerned: included, excluded. */
  wallFrom: number
  wallTo: number
}

const minuteMs = 60_000
const dayMs = 86_400_000

/** The changes of a zone in [from, to], in order. */
export function clockChanges(timeZone: string, from: Date, to: Date): ClockChange[] {
  const periods = offsetPeriods(timeZone, from.getTime(), to.getTime())
  return periods.slice(1).flatMap((period, index): ClockChange[] => {
    if (period.start < from.getTime() || period.start > to.getTime()) return []
    const before = period.start + periods[index]!.offset
    const after = period.start + period.offset
    return after > before
      ? [{ kind: 'skipped', at: period.start, wallFrom: before, wallTo: after }]
      : [{ kind: 'doubled', at: period.start, wallFrom: after, wallTo: before }]
  })
}

/** The timing's wall-clock times that a change concerns; none for an hourly timing, which follows real time. */
export function affectedTimes(timing: Timing, change: ClockChange): number[] {
  if (isHourly(timing)) return []
  const times: number[] = []
  for (let wall = Math.ceil(change.wallFrom / minuteMs) * minuteMs; wall < change.wallTo; wall += minuteMs) {
    const minuteOfDay = Math.floor((wall % dayMs) / minuteMs)
    if (!timing.minutes.includes(minuteOfDay % 60) || !timing.hours.includes(Math.floor(minuteOfDay / 60)))
      continue
    const date = new Date(wall)
    if (
      matchesDate(timing, date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCDay())
    )
      times.push(wall)
  }
  return times
}
