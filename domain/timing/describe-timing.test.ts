import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryCron } from '#test/arbitrary-timing.ts'
import { describeTiming } from './describe-timing.ts'
import { parseTiming } from './parse-timing.ts'
import type { Timing, TimingInput } from './timing.ts'

function sentences(input: Partial<TimingInput>): [french: string, english: string] {
  const result = parseTiming({ frequency: 'daily', timeZone: 'Europe/Paris', ...input })
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return [describeTiming(result.timing, 'fr'), describeTiming(result.timing, 'en')]
}

describe('simple frequencies', () => {
  it.each<[Partial<TimingInput>, string, string]>([
    [{}, 'Tous les jours à 08:00 (heure de Paris)', 'Every day at 08:00 (Paris time)'],
    [
      { frequency: 'weekly', weekdays: [4, 1], time: '07:30' },
      'Chaque lundi et jeudi à 07:30 (heure de Paris)',
      'Every Monday and Thursday at 07:30 (Paris time)',
    ],
    [
      { frequency: 'weekly', weekdays: [1, 2, 3, 4, 5] },
      'Du lundi au vendredi à 08:00 (heure de Paris)',
      'Monday to Friday at 08:00 (Paris time)',
    ],
    [
      { frequency: 'weekly', weekdays: [5, 6, 7] },
      'Du vendredi au dimanche à 08:00 (heure de Paris)',
      'Friday to Sunday at 08:00 (Paris time)',
    ],
    [
      { frequency: 'weekly', weekdays: [1, 2, 3, 4, 5, 6, 7] },
      'Tous les jours à 08:00 (heure de Paris)',
      'Every day at 08:00 (Paris time)',
    ],
    [
      { frequency: 'monthly' },
      'Le 1er de chaque mois à 08:00 (heure de Paris)',
      'On the 1st of every month at 08:00 (Paris time)',
    ],
    [
      { frequency: 'monthly', monthDay: '22' },
      'Le 22 de chaque mois à 08:00 (heure de Paris)',
      'On the 22nd of every month at 08:00 (Paris time)',
    ],
    [
      { frequency: 'monthly', monthDay: 'last', time: '18:00' },
      'Le dernier jour de chaque mois à 18:00 (heure de Paris)',
      'On the last day of every month at 18:00 (Paris time)',
    ],
  ])('%o', (input, french, english) => {
    expect(sentences(input)).toEqual([french, english])
  })
})

describe('time zones', () => {
  it.each([
    ['Africa/Cairo', 'heure du Caire', 'Cairo time'],
    ['Africa/Abidjan', 'heure d’Abidjan', 'Abidjan time'],
    ['Africa/Kinshasa', 'heure de Kinshasa', 'Kinshasa time'],
    ['Europe/London', 'heure de Londres', 'London time'],
    ['Europe/Athens', 'heure d’Athènes', 'Athens time'],
    ['America/New_York', 'heure de New York', 'New York time'],
    ['America/Havana', 'heure de la Havane', 'Havana time'],
    ['America/Argentina/Buenos_Aires', 'heure de Buenos Aires', 'Buenos Aires time'],
    ['UTC', 'UTC', 'UTC'],
    ['etc/gmt+5', 'Etc/GMT+5', 'Etc/GMT+5'],
  ])('%s', (timeZone, french, english) => {
    expect(sentences({ timeZone })).toEqual([
      `Tous les jours à 08:00 (${french})`,
      `Every day at 08:00 (${english})`,
    ])
  })
})

describe('cron expressions', () => {
  it.each([
    ['*/15 * * * *', 'Toutes les 15 minutes', 'Every 15 minutes'],
    ['* * * * *', 'Chaque minute', 'Every minute'],
    ['0 * * * *', 'Toutes les heures', 'Every hour'],
    ['30 * * * *', 'Toutes les heures à la minute 30', 'Every hour at minute 30'],
    ['5/15 * * * *', 'Toutes les 15 minutes à partir de la minute 5', 'Every 15 minutes from minute 5'],
    [
      '*/7 * * * *',
      'Toutes les heures, aux minutes 0, 7, 14, 21, 28, 35, 42, 49 et 56',
      'Every hour, at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56',
    ],
    ['0,20 * * * *', 'Toutes les heures, aux minutes 0 et 20', 'Every hour, at minutes 0 and 20'],
    [
      '*/15 8-18 * * MON-FRI',
      'Du lundi au vendredi, toutes les 15 minutes de 08:00 à 18:45',
      'Monday to Friday, every 15 minutes from 08:00 to 18:45',
    ],
    [
      '0 8-18 * * MON-FRI',
      'Du lundi au vendredi, toutes les heures de 08:00 à 18:00',
      'Monday to Friday, every hour from 08:00 to 18:00',
    ],
    [
      '30 8-18/2 * * *',
      'Tous les jours, toutes les 2 heures de 08:30 à 18:30',
      'Every day, every 2 hours from 08:30 to 18:30',
    ],
    [
      '0 */2 * * *',
      'Tous les jours, toutes les 2 heures de 00:00 à 22:00',
      'Every day, every 2 hours from 00:00 to 22:00',
    ],
    [
      '0 */6 * * *',
      'Tous les jours à 00:00, 06:00, 12:00 et 18:00',
      'Every day at 00:00, 06:00, 12:00 and 18:00',
    ],
    [
      '0 */5 * * *',
      'Tous les jours, toutes les 5 heures de 00:00 à 20:00',
      'Every day, every 5 hours from 00:00 to 20:00',
    ],
    [
      '0 8 1 * MON',
      'Le 1er de chaque mois et chaque lundi à 08:00',
      'On the 1st of every month and every Monday at 08:00',
    ],
    ['0 8 1,15 * *', 'Le 1er et le 15 de chaque mois à 08:00', 'On the 1st and 15th of every month at 08:00'],
    ['0 8 1-7 * *', 'Du 1er au 7 de chaque mois à 08:00', 'On the 1st to 7th of every month at 08:00'],
    ['0 8 1 1 *', 'Chaque année, le 1er janvier à 08:00', 'Every year, on the 1st of January at 08:00'],
    [
      '0 8 1 1,4,7,10 *',
      'Le 1er du mois, en janvier, avril, juillet et octobre, à 08:00',
      'On the 1st of the month, in January, April, July and October, at 08:00',
    ],
    ['0 8 * 1-3 *', 'Tous les jours de janvier à mars, à 08:00', 'Every day from January to March, at 08:00'],
    ['0 8 * * 6,0', 'Chaque samedi et dimanche à 08:00', 'Every Saturday and Sunday at 08:00'],
    [
      '0 8 */2 * MON',
      'Chaque lundi, si la date tombe le 1er, le 3, le 5, le 7, le 9, le 11, le 13, le 15, le 17, le 19, le 21, le 23, le 25, le 27, le 29 ou le 31, à 08:00',
      'Every Monday, if the date is the 1st, 3rd, 5th, 7th, 9th, 11th, 13th, 15th, 17th, 19th, 21st, 23rd, 25th, 27th, 29th or 31st, at 08:00',
    ],
    ['0 8 * 4-6 TUE', 'Chaque mardi d’avril à juin, à 08:00', 'Every Tuesday from April to June, at 08:00'],
    [
      '*/10 1-4 * 3,10 *',
      'Tous les jours en mars et octobre, toutes les 10 minutes de 01:00 à 04:50',
      'Every day in March and October, every 10 minutes from 01:00 to 04:50',
    ],
    [
      '5,20 8,12,18 * * *',
      'Tous les jours à 08:05, 08:20, 12:05, 12:20, 18:05 et 18:20',
      'Every day at 08:05, 08:20, 12:05, 12:20, 18:05 and 18:20',
    ],
    [
      '5,20 8,12,18,20,22 * * *',
      'Tous les jours, aux minutes 5 et 20 des heures 08, 12, 18, 20 et 22',
      'Every day, at minutes 5 and 20 of the hours 08, 12, 18, 20 and 22',
    ],
    [
      '* 9 * * *',
      'Tous les jours, chaque minute de 09:00 à 09:59',
      'Every day, every minute from 09:00 to 09:59',
    ],
    ['0,30 9 * * *', 'Tous les jours à 09:00 et 09:30', 'Every day at 09:00 and 09:30'],
    [
      '*/5 9 * * *',
      'Tous les jours, toutes les 5 minutes de 09:00 à 09:55',
      'Every day, every 5 minutes from 09:00 to 09:55',
    ],
    [
      '0 0,12 1 */2 *',
      'Le 1er du mois, en janvier, mars, mai, juillet, septembre et novembre, à 00:00 et 12:00',
      'On the 1st of the month, in January, March, May, July, September and November, at 00:00 and 12:00',
    ],
    ['15 14 1 * *', 'Le 1er de chaque mois à 14:15', 'On the 1st of every month at 14:15'],
    ['0 22 * * 1-5', 'Du lundi au vendredi à 22:00', 'Monday to Friday at 22:00'],
    [
      '23 0-20/2 * * *',
      'Tous les jours, toutes les 2 heures de 00:23 à 20:23',
      'Every day, every 2 hours from 00:23 to 20:23',
    ],
    ['5 4 * * SUN', 'Chaque dimanche à 04:05', 'Every Sunday at 04:05'],
    ['0 0 29 2 *', 'Chaque année, le 29 février à 00:00', 'Every year, on the 29th of February at 00:00'],
    ['0 8 1-31 * MON', 'Tous les jours à 08:00', 'Every day at 08:00'],
    [
      '*/15 * * 12 *',
      'Tous les jours en décembre, toutes les 15 minutes',
      'Every day in December, every 15 minutes',
    ],
    ['@hourly', 'Toutes les heures', 'Every hour'],
    [
      '0 0-22 * * *',
      'Tous les jours, toutes les heures de 00:00 à 22:00',
      'Every day, every hour from 00:00 to 22:00',
    ],
    [
      '0 8 1 1-6 MON',
      'De janvier à juin, le 1er du mois et chaque lundi à 08:00',
      'From January to June, on the 1st of the month and every Monday at 08:00',
    ],
    ['0 4 8-14 * *', 'Du 8 au 14 de chaque mois à 04:00', 'On the 8th to 14th of every month at 04:00'],
    ['59 23 31 12 *', 'Chaque année, le 31 décembre à 23:59', 'Every year, on the 31st of December at 23:59'],
    [
      '*/20 9,10,14-16 * * *',
      'Tous les jours, aux minutes 0, 20 et 40 des heures 09, 10 et 14 à 16',
      'Every day, at minutes 0, 20 and 40 of the hours 09, 10 and 14 to 16',
    ],
  ])('%s', (cronExpression, french, english) => {
    expect(sentences({ frequency: 'custom', cronExpression })).toEqual([
      `${french} (heure de Paris)`,
      `${english} (Paris time)`,
    ])
  })
})

it('describes different rules by different sentences', () => {
  const ruleBySentence = new Map<string, string>()
  fc.assert(
    fc.property(arbitraryCron, (cronExpression) => {
      const result = parseTiming({ frequency: 'custom', cronExpression, timeZone: 'UTC' })
      fc.pre(result.ok)
      const rule = datesAndTimes(result.timing)
      for (const locale of ['fr', 'en'] as const) {
        const sentence = describeTiming(result.timing, locale)
        expect(ruleBySentence.get(sentence) ?? rule, sentence).toBe(rule)
        ruleBySentence.set(sentence, rule)
      }
    }),
    { numRuns: 3000 },
  )
})

/** The dates and times that a rule matches, however it is written. */
function datesAndTimes(timing: Timing): string {
  const { minutes, hours, months, monthDays, weekdays } = timing
  if (timing.eitherDay && (monthDays.length === 31 || weekdays.length === 7))
    return JSON.stringify({ minutes, hours, months, everyDay: true })
  const everyDay = monthDays.length === 31 && weekdays.length === 7
  const days = everyDay ? { everyDay } : { monthDays, weekdays, either: timing.eitherDay }
  return JSON.stringify({ minutes, hours, months, ...days })
}
