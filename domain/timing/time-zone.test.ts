import { describe, expect, it } from 'vitest'
import { allZones } from '#test/arbitrary-timing.ts'
import { isTimeZone, parseTimeZone } from './time-zone.ts'

describe('parseTimeZone', () => {
  it.each([
    ['europe/paris', 'Europe/Paris'],
    [' AFRICA/DAKAR ', 'Africa/Dakar'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['us/pacific', 'US/Pacific'],
    ['america/argentina/buenos_aires', 'America/Argentina/Buenos_Aires'],
    ['america/port-au-prince', 'America/Port-au-Prince'],
    ['africa/dar_es_salaam', 'Africa/Dar_es_Salaam'],
    ['utc', 'UTC'],
  ])('takes %s as %s', (name, timeZone) => {
    expect(parseTimeZone(name)).toEqual({ ok: true, timeZone })
  })

  it('takes every zone that Intl lists, as it is written there', () => {
    for (const name of allZones) expect(parseTimeZone(name)).toEqual({ ok: true, timeZone: name })
    for (const name of allZones)
      expect(parseTimeZone(name.toLowerCase())).toEqual({ ok: true, timeZone: name })
  })

  it.each([
    ['', 'Give a time zone, for example Europe/Paris.'],
    [
      'Mars/Base',
      'The time zone “Mars/Base” is unknown. Write a name such as Europe/Paris, Africa/Dakar or UTC.',
    ],
    ['Paris', 'The time zone “Paris” is unknown. Write a name such as Europe/Paris, Africa/Dakar or UTC.'],
    [
      'Europe/Paris; DROP',
      'The time zone “Europe/Paris; DROP” is unknown. Write a name such as Europe/Paris, Africa/Dakar or UTC.',
    ],
    [
      '+02:00',
      '“+02:00” is an offset, not a time zone: it knows no daylight saving. Write a city, for example Europe/Paris.',
    ],
    [
      'UTC+2',
      '“UTC+2” is an offset, not a time zone: it knows no daylight saving. Write a city, for example Europe/Paris.',
    ],
    [
      'CET',
      '“CET” is an ambiguous abbreviation. Write a region and a city, for example Europe/Paris, or UTC.',
    ],
    [
      'EST5EDT',
      '“EST5EDT” is an ambiguous abbreviation. Write a region and a city, for example Europe/Paris, or UTC.',
    ],
  ])('refuses “%s” and says what to write', (name, english) => {
    const result = parseTimeZone(name)
    expect(result.ok ? null : result.message.en).toBe(english)
    expect(isTimeZone(name)).toBe(false)
  })
})
