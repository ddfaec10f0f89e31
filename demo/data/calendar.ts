/** Days and instants of the demo data. A day is a number: days since 1970-01-01. */

import { Temporal } from 'temporal-polyfill'

const dayMs = 86_400_000

/** The first day of the demo's history: the previous year is whole from 2026 on. */
export const firstDay = Date.UTC(2025, 0, 1) / dayMs

/** `YYYY-MM-DD`. */
export function isoDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** Monday 1 … Sunday 7. */
export function weekday(day: number): number {
  return ((day + 3) % 7) + 1
}

/** The day that an instant falls on in UTC. */
export function utcDay(instantMs: number): number {
  return Math.floor(instantMs / dayMs)
}

/** One local day: where it starts and ends in UTC, and what is special about it. */
export interface LocalDay {
  day: number
  iso: string
  startMs: number
  endMs: number
  isFirstOfMonth: boolean
  isLastOfMonth: boolean
  /** 23 or 25 hours long: the clock is changed. */
  changesClock: boolean
}

export function localDay(day: number, timeZone: string): LocalDay {
  const iso = isoDay(day)
  const date = Temporal.PlainDate.from(iso)
  const startMs = date.toZonedDateTime(timeZone).epochMilliseconds
  const endMs = date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
  return {
    day,
    iso,
    startMs,
    endMs,
    isFirstOfMonth: date.day === 1,
    isLastOfMonth: date.day === date.daysInMonth,
    changesClock: endMs - startMs !== dayMs,
  }
}

/**
 * When the `index`-th of `count` things of a day happened: in order, between two hours of the day. The first
 * of a month is at midnight to the microsecond and the last of one a microsecond before it, so that any error in
 * the bounds of a period shows; a day that changes its clock has some every half hour from midnight.
 */
export function momentOf(
  { startMs, endMs, isFirstOfMonth, isLastOfMonth, changesClock }: LocalDay,
  {
    index,
    count,
    jitter,
    micros,
    hours,
  }: { index: number; count: number; jitter: number; micros: number; hours: [number, number] },
): { ms: number; micros: number } {
  const [from, to] = hours
  if (count >= 10) {
    if (changesClock && index < 8)
      return { ms: startMs + index * 1_800_000, micros: index === 0 ? 0 : micros }
    if (isFirstOfMonth && index === 0) return { ms: startMs, micros: 0 }
    if (isLastOfMonth && index === count - 1) return { ms: endMs - 1, micros: 999 }
  }
  const hour = from + ((to - from) * (index + jitter)) / count
  return { ms: startMs + Math.floor(hour * 3_600_000), micros }
}

/** A timestamptz for COPY; `micros` are those below the millisecond. */
export function timestamp(ms: number, micros = 0): string {
  return `${new Date(ms).toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}+00`
}
