/** Random timings and time zones for property tests. */

import fc from 'fast-check'
import { parseTiming } from '#domain/timing/parse-timing.ts'
import type { Timing, TimingInput } from '#domain/timing/timing.ts'

/** Zones whose clocks change in unusual ways, drawn as often as all others together. */
const unusualZones = [
  'Europe/Paris',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Africa/Johannesburg',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Santiago',
  'America/Havana',
  'America/Nuuk',
  'America/Scoresbysund',
  'America/Vancouver',
  'America/Asuncion',
  'Antarctica/Troll',
  'Antarctica/Macquarie',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Jerusalem',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Atlantic/Azores',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Easter',
  'Pacific/Kiritimati',
  'Pacific/Norfolk',
] as const

export const allZones: readonly string[] = Intl.supportedValuesOf('timeZone').filter((name) =>
  name.includes('/'),
)

const arbitraryZone = fc.oneof(fc.constantFrom(...unusualZones), fc.constantFrom(...allZones))

/** When a Schedule is made: the years behind it hold changes that zones made once and for all. */
export const arbitraryNow = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2045-12-31T23:59:59Z'),
  noInvalidDate: true,
})

function field(lowest: number, highest: number): fc.Arbitrary<string> {
  const value = fc.integer({ min: lowest, max: highest })
  const span = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`)
  const step = fc.integer({ min: 1, max: Math.ceil((highest - lowest) / 2) })
  const item = fc.oneof(
    value.map(String),
    span,
    fc.tuple(span, step).map(([text, by]) => `${text}/${by}`),
    fc.tuple(value, step).map(([text, by]) => `${text}/${by}`),
  )
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: value.map(String) },
    { weight: 1, arbitrary: step.map((by) => `*/${by}`) },
    { weight: 2, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(',')) },
  )
}

/** Hours at which clocks change are drawn often; few minutes, so that most answers fit one page. */
const hour = fc.oneof(
  fc.constantFrom('*', '0', '1', '2', '3', '22', '23', '0-3', '1,2', '2/3', '*/2', '23,0'),
  field(0, 23),
)
const minute = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('0', '30', '0,30', '*/15', '15', '45', '59') },
  { weight: 1, arbitrary: field(0, 59) },
)

export const arbitraryCron = fc
  .tuple(minute, hour, field(1, 31), field(1, 12), field(0, 7))
  .map((fields) => fields.join(' '))

const time = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 23 })),
    fc.constantFrom(0, 1, 15, 30, 45, 59),
  )
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))

const arbitraryInput: fc.Arbitrary<TimingInput> = arbitraryZone.chain((timeZone) =>
  fc.oneof(
    {
      weight: 1,
      arbitrary: fc.record({
        frequency: fc.constant('daily' as const),
        time,
        timeZone: fc.constant(timeZone),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        frequency: fc.constant('weekly' as const),
        time,
        weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        timeZone: fc.constant(timeZone),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        frequency: fc.constant('monthly' as const),
        time,
        monthDay: fc.oneof(fc.constant('last'), fc.integer({ min: 1, max: 31 }).map(String)),
        timeZone: fc.constant(timeZone),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        frequency: fc.constant('custom' as const),
        cronExpression: arbitraryCron,
        timeZone: fc.constant(timeZone),
      }),
    },
  ),
)

/** Accepted timings only: a drawn cron such as 31 February is left out. */
export const arbitraryTiming: fc.Arbitrary<Timing> = arbitraryInput
  .map((input) => parseTiming(input))
  .filter((result) => result.ok)
  .map((result) => result.timing)
