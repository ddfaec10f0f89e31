/** Turns a set of dates into few (years × months × days) boxes, the shape of the engine's calendars. */

import { daysInMonth } from './timing.ts'

export interface DateBox {
  /** Ascending; null for every year. */
  years: number[] | null
  months: number[]
  monthDays: number[]
}

/** One month's days as bits 1–31: those that must match, and those that matter at all. */
interface MonthMask {
  year: number
  month: number
  on: number
  care: number
}

interface MaskGroup {
  on: number
  care: number
  members: MonthMask[]
}

const everyDay = 0x7fffffff << 1

/**
 * Dates of whole years, one month at a time. A date is *off* (must be in no box) until it is made *on* (must be
 * in a box) or *free* (either will do, because something else keeps the calendar from matching there). Free
 * days let months share a box; days that a month does not have are free too.
 */
export class CalendarDates {
  readonly #firstYear: number
  readonly #months: MonthMask[]

  constructor(firstYear: number, yearCount: number) {
    this.#firstYear = firstYear
    this.#months = Array.from({ length: yearCount * 12 }, (_, index) => {
      const year = firstYear + Math.floor(index / 12)
      const month = (index % 12) + 1
      return { year, month, on: 0, care: everyDay & (2 ** (daysInMonth(month, year) + 1) - 1) }
    })
  }

  set(year: number, month: number, day: number, state: 'on' | 'free'): void {
    const mask = this.#months[(year - this.#firstYear) * 12 + month - 1]
    if (!mask) throw new RangeError(`${year} is outside the calendar`)
    if (state === 'on') mask.on |= 1 << day
    else mask.care &= ~(1 << day)
  }

  /** Boxes that hold every *on* date and no *off* one. They may overlap. */
  boxes(): DateBox[] {
    const years = new Set(this.#months.map(({ year }) => year))
    const groups = this.#groupCompatible()
    return groups.flatMap((group) => boxesOf(group, years.size))
  }

  /** Greedy: months that matter most first, each joins the first group that it does not contradict. */
  #groupCompatible(): MaskGroup[] {
    const groups: MaskGroup[] = []
    const months = this.#months.filter(({ on }) => on !== 0)
    for (const mask of months.sort((a, b) => bitCount(b.care) - bitCount(a.care))) {
      const group = groups.find((other) => ((other.on ^ mask.on) & other.care & mask.care) === 0)
      if (group) {
        group.on |= mask.on
        group.care |= mask.care
        group.members.push(mask)
      } else {
        groups.push({ on: mask.on, care: mask.care, members: [mask] })
      }
    }
    return groups
  }
}

function boxesOf(group: MaskGroup, yearCount: number): DateBox[] {
  const monthDays = daysOf(widened(group))
  const yearsByMonth = new Map<number, number[]>()
  for (const { year, month } of group.members)
    yearsByMonth.set(month, [...(yearsByMonth.get(month) ?? []), year])
  const boxes = new Map<string, DateBox>()
  for (const [month, unsorted] of yearsByMonth) {
    const years = unsorted.sort((a, b) => a - b)
    const key = years.join()
    const box = boxes.get(key)
    if (box) box.months.push(month)
    else boxes.set(key, { years: years.length === yearCount ? null : years, months: [month], monthDays })
  }
  for (const box of boxes.values()) box.months.sort((a, b) => a - b)
  return [...boxes.values()]
}

/** Free days that make a shorter description: all of them if none is off, else those after an *on* day. */
function widened({ on, care, members }: MaskGroup): number {
  const off = care & ~on
  const maxDay = Math.max(...members.map(({ month }) => daysInMonth(month)))
  if (off === 0) return bitCount(on) > 1 ? everyDay : on
  let mask = on
  for (let day = 2; day <= maxDay; day += 1)
    if ((mask & (1 << (day - 1))) !== 0 && (off & (1 << day)) === 0) mask |= 1 << day
  return mask
}

function daysOf(mask: number): number[] {
  const days: number[] = []
  for (let day = 1; day <= 31; day += 1) if ((mask & (1 << day)) !== 0) days.push(day)
  return days
}

function bitCount(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1
  return count
}
