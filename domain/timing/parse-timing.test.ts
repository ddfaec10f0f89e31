import { describe, expect, it } from 'vitest'
import { parseTiming } from './parse-timing.ts'
import type { Timing, TimingInput } from './timing.ts'

function parsed(input: Partial<TimingInput>): Timing {
  const result = parseTiming({ frequency: 'daily', timeZone: 'Europe/Paris', ...input })
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.timing
}

/** The issues as `path: English sentence`. */
function refused(input: Partial<TimingInput>): string[] {
  const result = parseTiming({ frequency: 'daily', timeZone: 'Europe/Paris', ...input })
  return result.ok ? [] : result.issues.map(({ path, message }) => `${path}: ${message.en}`)
}

describe('simple frequencies', () => {
  it('fill in 08:00, Monday and the first', () => {
    expect(parsed({ frequency: 'daily' }).expression).toBe('0 8 * * *')
    expect(parsed({ frequency: 'weekly' }).expression).toBe('0 8 * * MON')
    expect(parsed({ frequency: 'monthly' }).expression).toBe('0 8 1 * *')
    expect(parsed({ frequency: 'weekly', time: null, weekdays: null }).expression).toBe('0 8 * * MON')
  })

  it('take ISO weekdays in any order', () => {
    const timing = parsed({ frequency: 'weekly', weekdays: [7, 1, 1, 5], time: '17:05' })
    expect(timing).toMatchObject({
      weekdays: [0, 1, 5],
      hours: [17],
      minutes: [5],
      expression: '5 17 * * SUN,MON,FRI',
    })
  })

  it('take the last day of the month', () => {
    expect(parsed({ frequency: 'monthly', monthDay: 'last' })).toMatchObject({ lastDay: true, monthDays: [] })
    expect(parsed({ frequency: 'monthly', monthDay: '31' })).toMatchObject({
      lastDay: false,
      monthDays: [31],
    })
  })

  it('ignore fields of other frequencies', () => {
    expect(parsed({ frequency: 'daily', cronExpression: 'nonsense', monthDay: '99' }).expression).toBe(
      '0 8 * * *',
    )
  })

  it.each([
    [{ time: '8:00' }, 'time: “8:00” is not a time. Write HH:MM from 00:00 to 23:59, for example 08:00.'],
    [{ time: '24:00' }, 'time: “24:00” is not a time. Write HH:MM from 00:00 to 23:59, for example 08:00.'],
    [{ frequency: 'weekly', weekdays: [] }, 'weekdays: Choose at least one day of the week.'],
    [
      { frequency: 'weekly', weekdays: [0] },
      'weekdays: 0 is not a day. Write numbers from 1 (Monday) to 7 (Sunday).',
    ],
    [
      { frequency: 'monthly', monthDay: '32' },
      'month_day: “32” is not a day of the month. Write a number from 1 to 31, or last for the last day.',
    ],
    [
      { frequency: 'custom', cronExpression: null },
      'cron_expression: Write a cron expression, for example 0 8 * * MON-FRI (Monday to Friday at 08:00).',
    ],
  ] as [Partial<TimingInput>, string][])('refuse %o', (input, message) => {
    expect(refused(input)).toEqual([message])
  })

  it('refuse an unknown frequency', () => {
    const issues = refused({ frequency: 'fortnightly' as 'daily' })
    expect(issues).toEqual(['frequency: Choose a frequency: daily, weekly, monthly or custom.'])
  })

  it('tell every problem at once', () => {
    const issues = refused({ frequency: 'monthly', time: 'noon', monthDay: '0', timeZone: 'Mars/Base' })
    expect(issues.map((issue) => issue.split(':')[0])).toEqual(['time_zone', 'time', 'month_day'])
  })
})
