import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CalendarDates } from './calendar-dates.ts'

const dayMs = 86_400_000

function isIn(date: Date, boxes: ReturnType<CalendarDates['boxes']>): boolean {
  return boxes.some(
    ({ years, months, monthDays }) =>
      (years === null || years.includes(date.getUTCFullYear())) &&
      months.includes(date.getUTCMonth() + 1) &&
      monthDays.includes(date.getUTCDate()),
  )
}

it('holds every date that is on and none that is off, whatever is free', () => {
  // Days of the year that are on, and free, as bounds in three years; long spans and single days.
  const span = fc.tuple(
    fc.integer({ min: 0, max: 1095 }),
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })),
  )
  fc.assert(
    fc.property(fc.array(span, { maxLength: 6 }), fc.array(span, { maxLength: 6 }), (onSpans, freeSpans) => {
      const dates = new CalendarDates(2027, 3)
      const states = new Map<number, 'on' | 'free'>()
      const paint = (spans: [number, number][], state: 'on' | 'free') => {
        for (const [start, length] of spans)
          for (let day = start; day <= Math.min(start + length, 1095); day += 1) states.set(day, state)
      }
      paint(onSpans, 'on')
      paint(freeSpans, 'free')
      const dateOf = (day: number) => new Date(Date.UTC(2027, 0, 1) + day * dayMs)
      for (const [day, state] of states) {
        const date = dateOf(day)
        dates.set(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), state)
      }
      const boxes = dates.boxes()
      for (let day = 0; day <= 1095; day += 1) {
        const state = states.get(day)
        if (state !== 'free') expect(isIn(dateOf(day), boxes), dateOf(day).toISOString()).toBe(state === 'on')
      }
    }),
    { numRuns: 200 },
  )
})

it('names no year and all months when every date is on', () => {
  const dates = new CalendarDates(2027, 3)
  for (let day = 0; day < 1096; day += 1) {
    const date = new Date(Date.UTC(2027, 0, 1) + day * dayMs)
    dates.set(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), 'on')
  }
  expect(dates.boxes()).toEqual([
    {
      years: null,
      months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      monthDays: Array.from({ length: 31 }, (_, index) => index + 1),
    },
  ])
})

it('refuses a date outside its years', () => {
  expect(() => new CalendarDates(2027, 3).set(2030, 1, 1, 'on')).toThrow(RangeError)
})
