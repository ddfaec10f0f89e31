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

function cron(cronExpression: string): Timing {
  return parsed({ frequency: 'custom', cronExpression })
}

function refusedCron(cronExpression: string): string {
  return refused({ frequency: 'custom', cronExpression }).join('\n')
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

describe('cron expressions', () => {
  it('have names in any letter case, ranges, steps and lists', () => {
    expect(cron('5,10-12 */6 1-31/10 jan,Mar-may mon-Fri')).toMatchObject({
      minutes: [5, 10, 11, 12],
      hours: [0, 6, 12, 18],
      monthDays: [1, 11, 21, 31],
      months: [1, 3, 4, 5],
      weekdays: [1, 2, 3, 4, 5],
      expression: '5,10-12 */6 1-31/10 JAN,MAR-MAY MON-FRI',
    })
    expect(cron('7/20 * * * *').minutes).toEqual([7, 27, 47])
    expect(cron('  0\t8 *  * * ').expression).toBe('0 8 * * *')
  })

  it('know Sunday as 0, 7 and SUN, also at the end of a range', () => {
    for (const [text, weekdays] of [
      ['7', [0]],
      ['0', [0]],
      ['SUN', [0]],
      ['5-7', [0, 5, 6]],
      ['fri-sun', [0, 5, 6]],
      ['MON-SUN', [0, 1, 2, 3, 4, 5, 6]],
      ['0-7', [0, 1, 2, 3, 4, 5, 6]],
      ['1-7/2', [0, 1, 3, 5]],
      ['*/2', [0, 2, 4, 6]],
      ['7/2', [0]],
    ] as const)
      expect(cron(`0 8 * * ${text}`).weekdays, text).toEqual(weekdays)
  })

  it('match either day field when both are restricted, and both when one starts with a star', () => {
    expect(cron('0 8 1 * MON').eitherDay).toBe(true)
    expect(cron('0 8 1-31 * MON').eitherDay).toBe(true)
    expect(cron('0 8 */2 * MON').eitherDay).toBe(false)
    expect(cron('0 8 1 * */2').eitherDay).toBe(false)
    expect(cron('0 8 * * MON').eitherDay).toBe(false)
  })

  it.each([
    ['@hourly', '0 * * * *'],
    ['@Daily', '0 0 * * *'],
    ['@midnight', '0 0 * * *'],
    ['@weekly', '0 0 * * 0'],
    ['@monthly', '0 0 1 * *'],
    ['@yearly', '0 0 1 1 *'],
    ['@annually', '0 0 1 1 *'],
  ])('%s is %s', (name, expression) => {
    expect(cron(name).expression).toBe(expression)
  })

  it.each([
    ['61 * * * *', 'Field “minute”: 61 is out of range. Write a number from 0 to 59.'],
    ['0 24 * * *', 'Field “hour”: 24 is out of range. Write a number from 0 to 23.'],
    ['0 0 0 * *', 'Field “day of month”: 0 is out of range. Write a number from 1 to 31.'],
    ['0 0 * 13 *', 'Field “month”: 13 is out of range. Write a number from 1 to 12.'],
    ['0 0 * * 8', 'Field “day of week”: 8 is out of range. Write a number from 0 to 7.'],
    ['0 22-6 * * *', 'Field “hour”: the range “22-6” runs backwards. Write 22-23,0-6.'],
    ['0 0 * NOV-FEB *', 'Field “month”: the range “NOV-FEB” runs backwards. Write 11-12,1-2.'],
    ['0 0 * * 5-0', 'Field “day of week”: the range “5-0” runs backwards. Write 5-6,0.'],
    ['*/0 * * * *', 'Field “minute”: the step of “*/0” is 0. Write a step of 1 or more.'],
    [
      '0 8 L * *',
      'Field “day of month”: “L” is not supported. Choose the monthly frequency and “last day of the month”.',
    ],
    ['0 8 * * 5L', 'Field “day of week”: “L” is not supported. Write a day from 0 to 7, or MON to SUN.'],
    [
      '0 8 15W * *',
      'Field “day of month”: “W” (the nearest weekday) is not supported. Write a day of the month.',
    ],
    ['0 8 ? * MON', 'Field “day of month”: “?” is not supported. Write * instead.'],
    [
      '0 8 * * MON#2',
      'Field “day of week”: “#” (the nth weekday of the month) is not supported. Choose a day of the month, or every week.',
    ],
    [
      '0 8 * * LUN',
      'Field “day of week”: “LUN” is not a value. Write a number from 0 to 7 or a three-letter name (SUN … SAT).',
    ],
    [
      '0 8 1,,2 * *',
      'Field “day of month”: “1,,2” cannot be read. Write a value, a range a-b, a step */n or a list a,b.',
    ],
    [
      '0 8 *-5 * *',
      'Field “day of month”: “*-5” cannot be read. Write a value, a range a-b, a step */n or a list a,b.',
    ],
    [
      '-5 8 * * *',
      'Field “minute”: “-5” cannot be read. Write a value, a range a-b, a step */n or a list a,b.',
    ],
    [
      '0 8 * *',
      'The expression has 4 of 5 fields. Write: minute hour day-of-month month day-of-week, for example 0 8 * * *.',
    ],
    ['0 0 8 * * *', 'The expression has 6 fields: neither seconds nor years are supported. Write 0 8 * * *.'],
    [
      '0 0 8 * * * 2027',
      'The expression has 7 fields: neither seconds nor years are supported. Write five fields: minute hour day-of-month month day-of-week.',
    ],
    ['@reboot', '“@reboot” is not a time. Write for example @daily, or run the report now.'],
    ['@every 1h', '“@every” is not supported. Write a step, for example */15 * * * * or 0 */2 * * *.'],
    ['TZ=UTC 0 8 * * *', 'The time zone does not go into the expression. Choose it in the time zone field.'],
    [
      '0 8 31 2 *',
      'None of the chosen months has a day 31: the report would never run. Choose another day, or the monthly frequency and “last day of the month”.',
    ],
  ])('refuse %s and say what to write', (expression, message) => {
    expect(refusedCron(expression)).toBe(`cron_expression: ${message}`)
  })

  it('refuse days that none of several months has', () => {
    expect(refusedCron('0 8 31 4,6,9,11 *')).toContain('None of the chosen months has a day 31')
    expect(refusedCron('0 8 30-31 2 *')).toContain('None of the chosen months has a day 30')
    expect(refusedCron('0 8 30 2 */2')).toContain('None of the chosen months has a day 30')
    expect(cron('0 8 30 2,3 *').monthDays).toEqual([30])
    expect(cron('0 8 29 2 *').monthDays).toEqual([29])
    // Mondays of February match by themselves.
    expect(cron('0 8 31 2 MON').eitherDay).toBe(true)
  })

  it('refuse an expression that is too long', () => {
    expect(
      refusedCron(`${Array.from({ length: 90 }, () => '1').join()},2,3,4,5,6,7,8,9,10 8 * * *`),
    ).toContain('longer than')
  })

  it('tell the problems of all fields at once, in both languages', () => {
    const result = parseTiming({
      frequency: 'custom',
      cronExpression: '60 24 L * *',
      timeZone: 'Europe/Paris',
    })
    expect(result.ok ? [] : result.issues.map(({ message }) => message.fr)).toEqual([
      'Champ « minute » : 60 est hors limites. Écrivez un nombre de 0 à 59.',
      'Champ « heure » : 24 est hors limites. Écrivez un nombre de 0 à 23.',
      'Champ « jour du mois » : « L » n’est pas pris en charge. Choisissez la fréquence « mensuel » et « dernier jour du mois ».',
    ])
  })
})
