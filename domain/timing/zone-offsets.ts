/** What the clocks of a time zone show, as a list of periods of one UTC offset, computed once and kept. */

export interface OffsetPeriod {
  /** Epoch milliseconds, included. */
  readonly start: number
  /** Epoch milliseconds, excluded: the start of the next period. */
  readonly end: number
  /** Milliseconds to add to UTC for the wall clock. */
  readonly offset: number
}

const dayMs = 86_400_000
/** No zone keeps an offset for less. The shortest is a week less an hour: Gaza, after the Ramadan of 2040. */
const sampleMs = 3 * dayMs

interface ZoneTable {
  firstYear: number
  lastYear: number
  periods: OffsetPeriod[]
}

/** The instant at which a zone's offset becomes another one. */
interface OffsetChange {
  at: number
  offset: number
}

const tables = new Map<string, ZoneTable>()
const changesByYear = new Map<string, OffsetChange[]>()
const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * The periods that cover at least [from, to], oldest first, without gaps; the first and the last reach further.
 * The rules are those of this process's `Intl`; they are the only ones the product uses (see the decision
 * record on compiling schedules to UTC).
 */
export function offsetPeriods(timeZone: string, from: number, to: number): readonly OffsetPeriod[] {
  // A day on either side: wall-clock dates of the range's ends may belong to the next year.
  const firstYear = new Date(from - dayMs).getUTCFullYear()
  const lastYear = new Date(to + dayMs).getUTCFullYear()
  const known = tables.get(timeZone)
  if (known && known.firstYear <= firstYear && known.lastYear >= lastYear) return known.periods
  const table = buildTable(
    timeZone,
    Math.min(firstYear, known?.firstYear ?? firstYear),
    Math.max(lastYear, known?.lastYear ?? lastYear),
  )
  tables.set(timeZone, table)
  return table.periods
}

function buildTable(timeZone: string, firstYear: number, lastYear: number): ZoneTable {
  const begin = Date.UTC(firstYear, 0, 1)
  // Both ends stay open: the table is asked only about years that it covers.
  let period = {
    start: begin - sampleMs,
    end: Date.UTC(lastYear + 1, 0, 1) + sampleMs,
    offset: offsetAt(timeZone, begin),
  }
  const periods: OffsetPeriod[] = []
  for (let year = firstYear; year <= lastYear; year += 1)
    for (const { at, offset } of changesIn(timeZone, year)) {
      periods.push({ ...period, end: at })
      period = { ...period, start: at, offset }
    }
  return { firstYear, lastYear, periods: [...periods, period] }
}

/** The changes after the start of a UTC year, up to and including the start of the next. */
function changesIn(timeZone: string, year: number): OffsetChange[] {
  const key = `${year} ${timeZone}`
  const known = changesByYear.get(key)
  if (known) return known
  const changes: OffsetChange[] = []
  const end = Date.UTC(year + 1, 0, 1)
  let offset = offsetAt(timeZone, Date.UTC(year, 0, 1))
  for (let low = Date.UTC(year, 0, 1); low < end; low += sampleMs) {
    const high = Math.min(low + sampleMs, end)
    const next = offsetAt(timeZone, high)
    if (next === offset) continue
    changes.push({ at: findChange(timeZone, low, high, offset), offset: next })
    offset = next
  }
  changesByYear.set(key, changes)
  return changes
}

/** The first instant after `low` with another offset, by halving: changes fall on whole seconds. */
function findChange(timeZone: string, low: number, high: number, before: number): number {
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000
    if (offsetAt(timeZone, middle) === before) low = middle
    else high = middle
  }
  return high
}

/** Milliseconds to add to UTC at an instant (epoch milliseconds). */
function offsetAt(timeZone: string, instant: number): number {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    formats.set(timeZone, format)
  }
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(instant))
  if (!match) throw new Error(`No UTC offset in "${format.format(instant)}" for ${timeZone}`)
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  return sign === '-' ? -size : size
}

/** Index of the first period whose wall clock goes past `wall` (milliseconds, as if UTC). */
export function periodIndexOfWall(periods: readonly OffsetPeriod[], wall: number): number {
  let low = 0
  let high = periods.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    const period = periods[middle]!
    if (period.end + period.offset > wall) high = middle
    else low = middle + 1
  }
  return low
}

/** Index of the period that holds an instant (epoch milliseconds). */
export function periodIndexAt(periods: readonly OffsetPeriod[], instant: number): number {
  let low = 0
  let high = periods.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (periods[middle]!.end > instant) high = middle
    else low = middle + 1
  }
  return low
}
