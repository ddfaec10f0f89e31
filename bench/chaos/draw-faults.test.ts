import { expect, it } from 'vitest'
import { drawFaults, planOutages } from './draw-faults.ts'
import { drawReports } from './draw-reports.ts'

it('draws the same faults for the same seed, others for another', () => {
  expect(drawFaults(7, 44)).toEqual(drawFaults(7, 44))
  expect(drawFaults(7, 44)).not.toEqual(drawFaults(8, 44))
})

it('draws every kind of fault in a run of the usual length', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const kinds = new Set(drawFaults(seed, 44).map(({ kind }) => kind))
    expect([...kinds].toSorted()).toEqual([
      'api_killed',
      'mail_4xx',
      'mail_5xx',
      'mail_cut',
      'mail_dropped',
      'mail_slow',
      'postgres_crashed',
      'postgres_killed',
      'postgres_stopped',
      'storage_killed',
      'storage_stopped',
      'temporal_killed',
      'temporal_stopped',
      'worker_killed',
      'worker_stopped',
    ])
  }
})

it('plans an outage of each part, one after the other', () => {
  expect(planOutages(0)).toEqual([])
  const outages = planOutages(120)
  expect(outages.map(({ kind }) => kind)).toEqual([
    'mail_cut',
    'storage_stopped',
    'postgres_stopped',
    'temporal_stopped',
    'clock_fast',
    'release_deployed',
    'fleet_gone',
  ])
  for (const [index, { gapMs }] of outages.entries()) {
    const before = outages[index - 1]
    if (before) expect(gapMs).toBeGreaterThan('lastsMs' in before ? before.lastsMs : before.awayMs)
  }
})

it('draws one to five recipients for a report, each with its own address', () => {
  const plans = drawReports(3, 300)
  expect(plans).toEqual(drawReports(3, 300))
  const addresses = plans.flatMap(({ request }) => request.recipients)
  expect(new Set(addresses).size).toBe(addresses.length)
  const counts = new Set(plans.map(({ request }) => request.recipients.length))
  expect([...counts].toSorted()).toEqual([1, 2, 3, 4, 5])
  expect(new Set(plans.map(({ request }) => request.format))).toEqual(new Set(['csv', 'excel']))
  expect(new Set(plans.map(({ size }) => size))).toEqual(new Set(['small', 'medium', 'large']))
  for (const { deadRecipients, request } of plans) {
    for (const dead of deadRecipients) expect(request.recipients).toContain(dead)
  }
})
