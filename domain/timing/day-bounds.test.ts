import { describe, expect, it } from 'vitest'
import { dayBounds } from './day-bounds.ts'

describe('dayBounds', () => {
  it.each([
    ['Europe/Paris', '2026-10-01', '2026-10-31', '2026-09-30T22:00:00.000Z', '2026-10-31T22:59:59.999Z'],
    // 23 and 25 hours.
    ['Europe/Paris', '2026-03-29', '2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
    ['Europe/Paris', '2026-10-25', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z'],
    ['UTC', '2026-01-01', '2026-01-01', '2026-01-01T00:00:00.000Z', '2026-01-01T23:59:59.999Z'],
    ['Asia/Kolkata', '2026-01-01', '2026-01-02', '2025-12-31T18:30:00.000Z', '2026-01-02T18:29:59.999Z'],
    // Clocks go from 00:00 to 01:00: the day begins at 01:00.
    ['Africa/Cairo', '2026-04-24', '2026-04-24', '2026-04-23T22:00:00.000Z', '2026-04-24T20:59:59.999Z'],
  ])('%s, %s to %s', (timeZone, from, to, start, end) => {
    const bounds = dayBounds({ from, to }, timeZone)
    expect([bounds.from.toISOString(), bounds.to.toISOString()]).toEqual([start, end])
  })
})
