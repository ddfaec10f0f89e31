import { describe, expect, it } from 'vitest'
import { nextRuns } from './next-runs.ts'
import { parseTiming } from './parse-timing.ts'

/**
 * Expressions that people run, each with where it is from, and its next three times (UTC) after Tuesday
 * 10 November 2026, 12:00. The times were computed by two other implementations that agree on all of them:
 * croniter 7 (Python) and croner 11 (JavaScript); those of the `@names` follow from crontab(5)'s table.
 *
 * Sources: crontab(5), the manual of Vixie cron; POSIX, utility `crontab`; Debian's packages cron, anacron,
 * certbot, sysstat, php-common, mdadm, e2fsprogs; GitHub's documentation of workflow `schedule`; Kubernetes'
 * of CronJob; Wikipedia's article "Cron".
 */
const known: [expression: string, source: string, next: string][] = [
  [
    '5 0 * * *',
    'crontab(5): five minutes after midnight, every day',
    '2026-11-11T00:05 2026-11-12T00:05 2026-11-13T00:05',
  ],
  [
    '15 14 1 * *',
    'crontab(5): at 2:15pm on the first of every month',
    '2026-12-01T14:15 2027-01-01T14:15 2027-02-01T14:15',
  ],
  ['0 22 * * 1-5', 'crontab(5): at 10 pm on weekdays', '2026-11-10T22:00 2026-11-11T22:00 2026-11-12T22:00'],
  [
    '23 0-23/2 * * *',
    'crontab(5): 23 minutes after midnight, 2am, 4am …, every day',
    '2026-11-10T12:23 2026-11-10T14:23 2026-11-10T16:23',
  ],
  [
    '5 4 * * sun',
    'crontab(5): at 5 after 4 every Sunday',
    '2026-11-15T04:05 2026-11-22T04:05 2026-11-29T04:05',
  ],
  [
    '30 4 1,15 * 5',
    'crontab(5): 4:30 am on the 1st and 15th of each month, plus every Friday',
    '2026-11-13T04:30 2026-11-15T04:30 2026-11-20T04:30',
  ],
  ['0 0-8 * * *', 'in common use: a span of hours', '2026-11-11T00:00 2026-11-11T01:00 2026-11-11T02:00'],
  [
    '0 8,9,10-12 * * *',
    'in common use: a list of values and spans',
    '2026-11-11T08:00 2026-11-11T09:00 2026-11-11T10:00',
  ],
  ['0 */2 * * *', 'in common use: every two hours', '2026-11-10T14:00 2026-11-10T16:00 2026-11-10T18:00'],
  ['0 0 1 1 *', 'crontab(5): @yearly', '2027-01-01T00:00 2028-01-01T00:00 2029-01-01T00:00'],
  ['0 0 1 * *', 'crontab(5): @monthly', '2026-12-01T00:00 2027-01-01T00:00 2027-02-01T00:00'],
  ['0 0 * * 0', 'crontab(5): @weekly', '2026-11-15T00:00 2026-11-22T00:00 2026-11-29T00:00'],
  ['0 0 * * *', 'crontab(5): @daily', '2026-11-11T00:00 2026-11-12T00:00 2026-11-13T00:00'],
  ['0 * * * *', 'crontab(5): @hourly', '2026-11-10T13:00 2026-11-10T14:00 2026-11-10T15:00'],
  [
    '0 0 1,15 * 1',
    'POSIX crontab: first and fifteenth of each month, as well as every Monday',
    '2026-11-15T00:00 2026-11-16T00:00 2026-11-23T00:00',
  ],
  ['0 0 * * 1', 'in common use: Monday at midnight', '2026-11-16T00:00 2026-11-23T00:00 2026-11-30T00:00'],
  [
    '15 3 * * 1-5',
    'POSIX crontab: at 3:15 on weekdays',
    '2026-11-11T03:15 2026-11-12T03:15 2026-11-13T03:15',
  ],
  [
    '30 18 1 1-6,9-12 *',
    'in common use: spans of months',
    '2026-12-01T18:30 2027-01-01T18:30 2027-02-01T18:30',
  ],
  ['17 * * * *', 'Debian /etc/crontab: hourly', '2026-11-10T12:17 2026-11-10T13:17 2026-11-10T14:17'],
  ['25 6 * * *', 'Debian /etc/crontab: daily', '2026-11-11T06:25 2026-11-12T06:25 2026-11-13T06:25'],
  ['47 6 * * 7', 'Debian /etc/crontab: weekly', '2026-11-15T06:47 2026-11-22T06:47 2026-11-29T06:47'],
  ['52 6 1 * *', 'Debian /etc/crontab: monthly', '2026-12-01T06:52 2027-01-01T06:52 2027-02-01T06:52'],
  ['30 7-23 * * *', 'Debian, anacron', '2026-11-10T12:30 2026-11-10T13:30 2026-11-10T14:30'],
  ['0 */12 * * *', 'Debian certbot', '2026-11-11T00:00 2026-11-11T12:00 2026-11-12T00:00'],
  ['5-55/10 * * * *', 'Debian sysstat: collect', '2026-11-10T12:05 2026-11-10T12:15 2026-11-10T12:25'],
  ['59 23 * * *', 'Debian sysstat: summary', '2026-11-10T23:59 2026-11-11T23:59 2026-11-12T23:59'],
  ['09,39 * * * *', 'Debian php-common: session clean', '2026-11-10T12:09 2026-11-10T12:39 2026-11-10T13:09'],
  ['57 0 * * 0', 'Debian mdadm: checkarray', '2026-11-15T00:57 2026-11-22T00:57 2026-11-29T00:57'],
  ['30 3 * * 0', 'Debian e2fsprogs: e2scrub_all', '2026-11-15T03:30 2026-11-22T03:30 2026-11-29T03:30'],
  ['10 3 * * *', 'Debian e2fsprogs: e2scrub reap', '2026-11-11T03:10 2026-11-12T03:10 2026-11-13T03:10'],
  [
    '30 5 * * 1,3',
    'GitHub Actions, schedule: Monday and Wednesday at 5:30',
    '2026-11-11T05:30 2026-11-16T05:30 2026-11-18T05:30',
  ],
  [
    '30 5 * * 2,4',
    'GitHub Actions, schedule: Tuesday and Thursday at 5:30',
    '2026-11-12T05:30 2026-11-17T05:30 2026-11-19T05:30',
  ],
  [
    '30 5,17 * * *',
    'GitHub Actions, schedule: every day at 5:30 and 17:30',
    '2026-11-10T17:30 2026-11-11T05:30 2026-11-11T17:30',
  ],
  [
    '2,10 4,5 * * *',
    'GitHub Actions, schedule: list of minutes and hours',
    '2026-11-11T04:02 2026-11-11T04:10 2026-11-11T05:02',
  ],
  [
    '30 4-6 * * *',
    'GitHub Actions, schedule: range of hours',
    '2026-11-11T04:30 2026-11-11T05:30 2026-11-11T06:30',
  ],
  [
    '20/15 * * * *',
    'GitHub Actions, schedule: every 15 minutes starting from minute 20',
    '2026-11-10T12:20 2026-11-10T12:35 2026-11-10T12:50',
  ],
  [
    '*/5 * * * *',
    'GitHub Actions, schedule: the shortest interval',
    '2026-11-10T12:05 2026-11-10T12:10 2026-11-10T12:15',
  ],
  ['0 3 * * 1', 'Kubernetes CronJob: 3:00 on Monday', '2026-11-16T03:00 2026-11-23T03:00 2026-11-30T03:00'],
  [
    '0 0 13 * 5',
    'Kubernetes CronJob: the 13th of the month, and every Friday',
    '2026-11-13T00:00 2026-11-20T00:00 2026-11-27T00:00',
  ],
  ['*/1 * * * *', 'Kubernetes CronJob: every minute', '2026-11-10T12:01 2026-11-10T12:02 2026-11-10T12:03'],
  [
    '1 0 * * *',
    'Wikipedia, cron: one minute past midnight',
    '2026-11-11T00:01 2026-11-12T00:01 2026-11-13T00:01',
  ],
  [
    '45 23 * * 6',
    'Wikipedia, cron: 23:45 every Saturday',
    '2026-11-14T23:45 2026-11-21T23:45 2026-11-28T23:45',
  ],
  [
    '*/5 1,2,3 * * *',
    'Wikipedia, cron: every fifth minute of hours 1, 2 and 3',
    '2026-11-11T01:00 2026-11-11T01:05 2026-11-11T01:10',
  ],
  [
    '0 8-17 * * MON-FRI',
    'in common use: business hours',
    '2026-11-10T13:00 2026-11-10T14:00 2026-11-10T15:00',
  ],
  [
    '*/15 8-17 * * 1-5',
    'in common use: quarter hours of business hours',
    '2026-11-10T12:15 2026-11-10T12:30 2026-11-10T12:45',
  ],
  ['0 9 * * 6,0', 'in common use: weekend', '2026-11-14T09:00 2026-11-15T09:00 2026-11-21T09:00'],
  ['0 0 1 */3 *', 'in common use: every quarter', '2027-01-01T00:00 2027-04-01T00:00 2027-07-01T00:00'],
  ['0 0 1 */6 *', 'in common use: every six months', '2027-01-01T00:00 2027-07-01T00:00 2028-01-01T00:00'],
  [
    '0 12 15 jan,jul *',
    'in common use: names of months',
    '2027-01-15T12:00 2027-07-15T12:00 2028-01-15T12:00',
  ],
  [
    '*/30 9-17 * * *',
    'in common use: every 30 minutes of a span',
    '2026-11-10T12:30 2026-11-10T13:00 2026-11-10T13:30',
  ],
  ['0 6,18 * * *', 'in common use: twice a day', '2026-11-10T18:00 2026-11-11T06:00 2026-11-11T18:00'],
  ['0 0 29 2 *', 'in common use: leap day', '2028-02-29T00:00 2032-02-29T00:00 2036-02-29T00:00'],
  [
    '0 0 31 * *',
    'in common use: only months with a 31st',
    '2026-12-31T00:00 2027-01-31T00:00 2027-03-31T00:00',
  ],
  ['7 7 7 7 *', 'in common use: once a year', '2027-07-07T07:07 2028-07-07T07:07 2029-07-07T07:07'],
  ['0 16 1,8,15,22 * *', 'in common use: list of days', '2026-11-15T16:00 2026-11-22T16:00 2026-12-01T16:00'],
  [
    '10-20/5 10 * * *',
    'in common use: step within a range',
    '2026-11-11T10:10 2026-11-11T10:15 2026-11-11T10:20',
  ],
  [
    '0 0,12 1 */2 *',
    'in common use: every second month, at midnight and noon',
    '2027-01-01T00:00 2027-01-01T12:00 2027-03-01T00:00',
  ],
  ['0 5,17 * * *', 'in common use: twice a day', '2026-11-10T17:00 2026-11-11T05:00 2026-11-11T17:00'],
  ['0 2 * * 0,6', 'in common use: weekends at 2', '2026-11-14T02:00 2026-11-15T02:00 2026-11-21T02:00'],
  [
    '0 4 8-14 * *',
    'in common use: the second week of the month',
    '2026-11-11T04:00 2026-11-12T04:00 2026-11-13T04:00',
  ],
  [
    '0 22 * 12 1-5',
    'in common use: weekdays of one month',
    '2026-12-01T22:00 2026-12-02T22:00 2026-12-03T22:00',
  ],
  [
    '59 23 31 12 *',
    'in common use: the last minute of the year',
    '2026-12-31T23:59 2027-12-31T23:59 2028-12-31T23:59',
  ],
  [
    '0 9 1-7 * 1',
    'in common use: a span of days, or a weekday',
    '2026-11-16T09:00 2026-11-23T09:00 2026-11-30T09:00',
  ],
  [
    '37 10 * 2-11/3 4',
    'in common use: steps within a span of months',
    '2026-11-12T10:37 2026-11-19T10:37 2026-11-26T10:37',
  ],
  ['0 12 14 2 *', 'POSIX crontab: noon on 14 February', '2027-02-14T12:00 2028-02-14T12:00 2029-02-14T12:00'],
  ['@hourly', 'crontab(5)', '2026-11-10T13:00 2026-11-10T14:00 2026-11-10T15:00'],
  ['@daily', 'crontab(5)', '2026-11-11T00:00 2026-11-12T00:00 2026-11-13T00:00'],
  ['@midnight', 'crontab(5)', '2026-11-11T00:00 2026-11-12T00:00 2026-11-13T00:00'],
  ['@weekly', 'crontab(5)', '2026-11-15T00:00 2026-11-22T00:00 2026-11-29T00:00'],
  ['@monthly', 'crontab(5)', '2026-12-01T00:00 2027-01-01T00:00 2027-02-01T00:00'],
  ['@yearly', 'crontab(5)', '2027-01-01T00:00 2028-01-01T00:00 2029-01-01T00:00'],
  ['@annually', 'crontab(5)', '2027-01-01T00:00 2028-01-01T00:00 2029-01-01T00:00'],
]

/** Vixie's rule for a day field that starts with `*`, which the two implementations do not share: by hand. */
const starred: [expression: string, meaning: string, next: string][] = [
  ['0 0 */2 * MON', 'Mondays with an odd date', '2026-11-23T00:00 2026-12-07T00:00 2026-12-21T00:00'],
  ['0 0 1-7 * */7', 'the first Sunday of the month', '2026-12-06T00:00 2027-01-03T00:00 2027-02-07T00:00'],
  ['0 0 13 * *', 'the 13th alone', '2026-11-13T00:00 2026-12-13T00:00 2027-01-13T00:00'],
]

const after = new Date('2026-11-10T12:00:00Z')

function next(cronExpression: string): string {
  const result = parseTiming({ frequency: 'custom', cronExpression, timeZone: 'UTC' })
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return nextRuns(result.timing, after, 3)
    .map((run) => run.toISOString().slice(0, 16))
    .join(' ')
}

describe('cron expressions in use', () => {
  it.each(known)('%s (%s)', (expression, _source, times) => {
    expect(next(expression)).toBe(times)
  })

  it.each(starred)('%s: %s', (expression, _meaning, times) => {
    expect(next(expression)).toBe(times)
  })
})
