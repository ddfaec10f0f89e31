import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTiming } from './parse-timing.ts'
import type { Timing } from './timing.ts'

function cron(cronExpression: string): Timing {
  const result = parseTiming({ frequency: 'custom', cronExpression, timeZone: 'Europe/Paris' })
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.timing
}

/** The English sentences of the refusal; empty when the expression is read. */
function refusedCron(cronExpression: string): string {
  const result = parseTiming({ frequency: 'custom', cronExpression, timeZone: 'Europe/Paris' })
  return result.ok ? '' : result.issues.map(({ path, message }) => `${path}: ${message.en}`).join('\n')
}

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
      ['7-7', [0]],
      ['SUN-SUN', [0]],
      ['0-SUN', [0]],
      ['SUN-MON', [0, 1]],
      ['SAT-SUN', [0, 6]],
      ['FRI-SUN/2', [0, 5]],
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
    ['0 0 * * 7-0', 'Field “day of week”: the range “7-0” runs backwards. Write 0.'],
    ['0 0 * * 7-3', 'Field “day of week”: the range “7-3” runs backwards. Write 0-3.'],
    ['0 22-6/2 * * *', 'Field “hour”: the range “22-6/2” runs backwards. Write 22,0,2,4,6.'],
    ['0 0 25-5/3 * *', 'Field “day of month”: the range “25-5/3” runs backwards. Write 25,28,31,3.'],
    ['0 0 * * FRI-MON/2', 'Field “day of week”: the range “FRI-MON/2” runs backwards. Write 5,0.'],
    ['*/0 * * * *', 'Field “minute”: the step of “*/0” is 0. Write a step of 1 or more.'],
    ['60-70/5 * * * *', 'Field “minute”: 60 is out of range. Write a number from 0 to 59.'],
    [
      '0 8 L * *',
      'Field “day of month”: “L” is not supported. Choose the monthly frequency and “last day of the month”.',
    ],

    [
      '0 8 last * *',
      'Field “day of month”: “L” is not supported. Choose the monthly frequency and “last day of the month”.',
    ],
    [
      '0 8 L-3 * *',
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
    ['0 8 * * LUN', 'Field “day of week”: “LUN” is not a value. Write MON.'],
    ['0 8 * * mardi', 'Field “day of week”: “MARDI” is not a value. Write TUE.'],
    ['0 8 * * mon-Friday', 'Field “day of week”: “FRIDAY” is not a value. Write FRI.'],
    ['0 8 * fév *', 'Field “month”: “FÉV” is not a value. Write FEB.'],
    [
      '0 8 * jui *',
      'Field “month”: “JUI” is not a value. Write a number from 1 to 12 or a three-letter name (JAN … DEC).',
    ],
    ['0x1 8 * * *', 'Field “minute”: “0X1” is not a value. Write a number from 0 to 59.'],
    [
      '٥ 8 * * *',
      'Field “minute”: “٥” cannot be read. Write a value, a range a-b, a step */n or a list a,b.',
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
    ['0 0 8 * * ?', 'The expression has 6 fields: neither seconds nor years are supported. Write 0 8 * * *.'],
    [
      '0 0 8 ? * MON-FRI',
      'The expression has 6 fields: neither seconds nor years are supported. Write 0 8 * * MON-FRI.',
    ],
    [
      '0 0 8 * * * 2027',
      'The expression has 7 fields: neither seconds nor years are supported. Write 0 8 * * *.',
    ],
    [
      '0 8 1 1 * 2027',
      'The expression has 6 fields: neither seconds nor years are supported. Write 0 8 1 1 *.',
    ],
    [
      '0 10 * * ? *',
      'The expression has 6 fields: neither seconds nor years are supported. Write 0 10 * * *.',
    ],
    [
      '0 8 * * * /bin/daily',
      'The expression has 6 fields: neither seconds nor years are supported. Write 0 8 * * *.',
    ],
    // Seconds that are not 0 mean something, and in Quartz day 2 is Monday.
    [
      '30 0 8 * * *',
      'The expression has 6 fields: neither seconds nor years are supported. Write five fields: minute hour day-of-month month day-of-week.',
    ],
    [
      '0 0 8 ? * 2',
      'The expression has 6 fields: neither seconds nor years are supported. Write five fields: minute hour day-of-month month day-of-week.',
    ],
    ['"0 8 * * *"', 'Write the expression without quotation marks.'],
    ['@reboot', '“@reboot” is not a time. Write for example @daily, or run the report now.'],
    ['@every 1h', '“@every” is not supported. Write a step, for example */15 * * * * or 0 */2 * * *.'],
    [
      '@quarterly',
      '“@quarterly” is unknown. Write @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually or five fields.',
    ],
    [
      'CRON_TZ=Europe/Paris 0 8 * * *',
      'The time zone does not go into the expression. Choose it in the time zone field.',
    ],
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

  it('ignore invisible characters', () => {
    expect(cron('\u200b0\u00a08\t* * *\ufeff').expression).toBe('0 8 * * *')
  })

  it('refuse the names of object properties, such as __proto__', () => {
    for (const text of ['__proto__', 'constructor', 'toString', '@constructor', '0 8 * * constructor'])
      expect(refusedCron(text), text).not.toBe('')
  })

  it('are accepted or refused for any text, and the canonical form is parsed to the same rule', () => {
    const scraps = fc.constantFrom(
      '*',
      '/',
      '-',
      ',',
      ' ',
      '?',
      '#',
      'L',
      'W',
      '@',
      '0',
      '1',
      '7',
      '31',
      '59',
      '60',
      'MON',
      'sun',
      'JAN',
      'last',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(scraps, { maxLength: 20 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (cronExpression) => {
        const result = parseTiming({ frequency: 'custom', cronExpression, timeZone: 'UTC' })
        if (!result.ok) expect(result.issues.length).toBeGreaterThan(0)
        else expect(cron(result.timing.expression)).toEqual({ ...result.timing, timeZone: 'Europe/Paris' })
      }),
      { numRuns: 20_000 },
    )
  })

  it('suggest an equivalent for a range that runs backwards', () => {
    const sizes = {
      minute: [0, 59],
      hour: [0, 23],
      monthDay: [1, 31],
      month: [1, 12],
      weekday: [0, 6],
    } as const
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.entries(sizes).map(([, bounds], index) => ({ index, bounds }))),
        fc.tuple(fc.nat(), fc.nat()),
        fc.integer({ min: 1, max: 12 }),
        ({ index, bounds: [lowest, highest] }, picks, step) => {
          const size = highest - lowest + 1
          const [end = 0, start = 0] = picks.map((pick) => lowest + (pick % size)).sort((a, b) => a - b)
          fc.pre(start > end)
          const fields = ['0', '0', '*', '*', '*']
          const at = (field: string) =>
            fields.map((other, place) => (place === index ? field : other)).join(' ')
          const instead = / Write (\S+)\.$/.exec(refusedCron(at(`${start}-${end}/${step}`)))?.[1] ?? ''
          const values = new Set<number>()
          for (let value = start; value <= end + size; value += step)
            values.add(lowest + ((value - lowest) % size))
          const { minutes, hours, monthDays, months, weekdays } = cron(at(instead))
          const read = [minutes, hours, monthDays, months, weekdays][index]
          expect(read).toEqual([...values].sort((a, b) => a - b))
        },
      ),
      { numRuns: 2000 },
    )
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
