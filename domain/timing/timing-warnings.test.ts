import { describe, expect, it } from 'vitest'
import { parseTiming } from './parse-timing.ts'
import { timingWarnings } from './timing-warnings.ts'
import type { TimingInput } from './timing.ts'

const now = new Date('2026-11-10T12:00:00Z')

function warnings(input: Partial<TimingInput>, locale: 'fr' | 'en' = 'fr'): string[] {
  const result = parseTiming({ frequency: 'daily', timeZone: 'Europe/Paris', ...input })
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return timingWarnings(result.timing, locale, now)
}

function cron(cronExpression: string, locale: 'fr' | 'en' = 'fr'): string[] {
  return warnings({ frequency: 'custom', cronExpression }, locale)
}

it('returns nothing for a usual timing', () => {
  expect(warnings({})).toEqual([])
  expect(warnings({ frequency: 'monthly', monthDay: '28' })).toEqual([])
  expect(warnings({ frequency: 'monthly', monthDay: 'last' })).toEqual([])
  expect(cron('*/15 8-18 * * MON-FRI')).toEqual([])
  expect(cron('0 * * * *')).toEqual([])
  expect(cron('0 8 25-31 * *')).toEqual([])
  expect(cron('0 8 */2 * *')).toEqual([])
})

describe('days that some months lack', () => {
  it('names the months', () => {
    expect(warnings({ frequency: 'monthly', monthDay: '31' })).toEqual([
      'Pas d’envoi en février, avril, juin, septembre et novembre : il n’y a pas de 31. Pour un envoi chaque mois, choisissez « dernier jour du mois ».',
    ])
    expect(warnings({ frequency: 'monthly', monthDay: '30' }, 'en')).toEqual([
      'No report in February: there is no day 30. For one every month, choose “last day of the month”.',
    ])
    expect(warnings({ frequency: 'monthly', monthDay: '29' })[0]).toContain('hors année bissextile')
  })

  it('counts only the months of the timing', () => {
    expect(cron('0 8 15,31 1-6 *')[0]).toContain('Pas d’envoi en février, avril et juin')
    expect(cron('0 8 31 1,3 *')).toEqual([])
  })
})

describe('times that a clock change concerns', () => {
  it('tells both kinds with their dates', () => {
    expect(warnings({ time: '02:30' })).toEqual([
      'Les 28 mars 2027 et 26 mars 2028, les horloges avancent (Paris) : 02:30 n’existe pas, le rapport part à 03:00.',
      'Les 31 octobre 2027 et 29 octobre 2028, les horloges reculent (Paris) : 02:30 vient deux fois, le rapport ne part qu’à la première.',
    ])
    expect(warnings({ time: '02:30' }, 'en')).toEqual([
      'On 28 March 2027 and 26 March 2028 the clocks go forward (Paris): 02:30 does not exist, the report leaves at 03:00.',
      'On 31 October 2027 and 29 October 2028 the clocks go back (Paris): 02:30 comes twice, the report leaves at the first only.',
    ])
  })

  it('returns nothing where the clocks do not change, or not on such a day', () => {
    expect(warnings({ time: '02:30', timeZone: 'Africa/Dakar' })).toEqual([])
    expect(warnings({ time: '02:30', frequency: 'weekly', weekdays: [1] })).toEqual([])
    expect(warnings({ time: '03:00' })).toEqual([])
  })

  it('names several times', () => {
    expect(cron('*/20 1-4 * * *')[0]).toContain('02:00, 02:20 et 02:40 n’existent pas')
  })
})

describe('frequency', () => {
  it('tells runs less than a quarter of an hour apart', () => {
    expect(cron('* * * * *')).toEqual([
      'Envois très rapprochés : 1440 par jour, à 1 minute d’intervalle au plus court.',
    ])
    expect(cron('50,59 8 * * *', 'en')).toEqual(['Very frequent: 2 a day, as little as 9 minutes apart.'])
    expect(cron('0,59 0,23 * * *')[0]).toContain('à 1 minute')
  })

  it('tells a step that its field cannot hold', () => {
    expect(cron('20/90 8 * * *')[0]).toContain('« 20/90 » ne fait pas un intervalle de 90')
    expect(cron('*/90 * * * *')).toEqual([
      '« */90 » ne fait pas un intervalle de 90 : seule la première valeur du champ est retenue.',
    ])
  })
})
