import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { relativePeriods } from '../report-type.ts'
import type { RelativePeriod } from '../report-type.ts'
import { resolvePeriod } from './resolve-period.ts'

function resolve(relative: RelativePeriod, at: string, timeZone = 'Europe/Paris'): string {
  const { from, to } = resolvePeriod({ relative }, { at: new Date(at), timeZone })
  return `${from} ${to}`
}

describe('resolvePeriod', () => {
  it.each<[RelativePeriod, string]>([
    ['today', '2026-10-14 2026-10-14'],
    ['yesterday', '2026-10-13 2026-10-13'],
    ['last_7_days', '2026-10-07 2026-10-13'],
    ['last_30_days', '2026-09-14 2026-10-13'],
    ['this_week', '2026-10-12 2026-10-18'],
    ['previous_week', '2026-10-05 2026-10-11'],
    ['this_month', '2026-10-01 2026-10-31'],
    ['previous_month', '2026-09-01 2026-09-30'],
    ['this_year', '2026-01-01 2026-12-31'],
    ['previous_year', '2025-01-01 2025-12-31'],
  ])('%s, seen on Wednesday 14 October 2026', (relative, expected) => {
    expect(resolve(relative, '2026-10-14T06:00:00Z')).toBe(expected)
  })

  it('starts weeks on Monday, also seen on a Sunday and a Monday', () => {
    expect(resolve('this_week', '2026-10-18T06:00:00Z')).toBe('2026-10-12 2026-10-18')
    expect(resolve('previous_week', '2026-10-19T06:00:00Z')).toBe('2026-10-12 2026-10-18')
    expect(resolve('this_week', '2027-01-01T06:00:00Z')).toBe('2026-12-28 2027-01-03')
  })

  it('takes the day that the zone’s calendar shows', () => {
    expect(resolve('today', '2026-10-14T22:30:00Z', 'Europe/Paris')).toBe('2026-10-15 2026-10-15')
    expect(resolve('today', '2026-10-14T22:30:00Z', 'America/New_York')).toBe('2026-10-14 2026-10-14')
    expect(resolve('today', '2026-10-14T10:30:00Z', 'Pacific/Kiritimati')).toBe('2026-10-15 2026-10-15')
  })

  it('knows short months, leap years and the turn of the year', () => {
    expect(resolve('previous_month', '2028-03-31T06:00:00Z')).toBe('2028-02-01 2028-02-29')
    expect(resolve('previous_month', '2027-01-15T06:00:00Z')).toBe('2026-12-01 2026-12-31')
    expect(resolve('previous_year', '2028-02-29T06:00:00Z')).toBe('2027-01-01 2027-12-31')
    expect(resolve('yesterday', '2028-03-01T06:00:00Z')).toBe('2028-02-29 2028-02-29')
  })

  it('steps over clock changes', () => {
    expect(resolve('yesterday', '2027-03-28T22:30:00Z')).toBe('2027-03-28 2027-03-28')
    expect(resolve('yesterday', '2027-10-31T23:30:00Z')).toBe('2027-10-31 2027-10-31')
  })

  it('leaves absolute days as they are', () => {
    const period = { from: '2026-10-01', to: '2026-10-31' }
    expect(resolvePeriod(period, { at: new Date(), timeZone: 'UTC' })).toEqual(period)
  })

  it('covers every day once when a weekly report asks for the last seven', () => {
    const first = resolve('last_7_days', '2027-03-22T07:00:00Z').split(' ')
    const second = resolve('last_7_days', '2027-03-29T06:00:00Z').split(' ')
    expect([first[1], second[0]]).toEqual(['2027-03-21', '2027-03-22'])
  })

  it('never ends before it starts, and previous periods end before today', () => {
    const at = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(at, fc.constantFrom(...relativePeriods), (instant, relative) => {
        const context = { at: instant, timeZone: 'Africa/Kinshasa' }
        const { from, to } = resolvePeriod({ relative }, context)
        const today = resolvePeriod({ relative: 'today' }, context).from
        expect(from <= to).toBe(true)
        if (/^(yesterday|last_|previous_)/.test(relative)) expect(to < today).toBe(true)
        else expect(from <= today && today <= to).toBe(true)
      }),
    )
  })
})
