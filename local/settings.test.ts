import { expect, it } from 'vitest'
import { metricsPorts, portsNeeded, readLocalSettings } from './settings.ts'

it('METRICS_PORT gives each process of the machine a port of its own, and none when it is unset', () => {
  const settings = readLocalSettings({ METRICS_PORT: '9464', LOCAL_WORKERS: '2' })
  expect(metricsPorts(settings)).toEqual([9464, 9465, 9466])
  expect(portsNeeded(settings).filter(({ variable }) => variable === 'METRICS_PORT')).toEqual([
    { port: 9464, variable: 'METRICS_PORT', title: 'the metrics of the API' },
    { port: 9465, variable: 'METRICS_PORT', title: 'the metrics of worker 1' },
    { port: 9466, variable: 'METRICS_PORT', title: 'the metrics of worker 2' },
  ])
  expect(metricsPorts(readLocalSettings({}))).toEqual([])
})
