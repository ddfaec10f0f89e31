import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Registry } from 'prom-client'
import { createLogger } from '#config/logger.ts'
import { scheduleIdFor } from '#contract/names.ts'
import { freePort } from '#local/ports.ts'
import { createPrisma } from '#prisma/client.ts'
import { startApiProcess, type ApiProcess } from '#test/processes/api-process.ts'
import { startWorkerProcess, type WorkerProcess } from '#test/processes/worker-process.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { createTemporalClient } from '../temporal/data-converter.ts'
import { lazyTemporalConnection } from '../temporal/temporal-connection.ts'
import { createInstallationGauges } from './installation-gauges.ts'

/** Sample by sample: `name{label="value"}` and its number. */
type Samples = ReadonlyMap<string, number>

async function scrape(port: number): Promise<{ text: string; samples: Samples }> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
  expect(answer.status).toBe(200)
  const text = await answer.text()
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return {
    text,
    samples: new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    ),
  }
}

/** Of all samples of a name whose labels include these. */
function sum(pages: readonly { samples: Samples }[], name: string, ...labels: string[]): number {
  return pages
    .flatMap(({ samples }) => [...samples])
    .filter(([key]) => key.split('{', 1)[0] === name && labels.every((label) => key.includes(label)))
    .reduce((total, [, value]) => total + value, 0)
}

describe('the metrics of an API and two workers', () => {
  let world: ReportWorld
  let api: ApiProcess
  let workers: WorkerProcess[]
  let ports: number[]
  let pages: { text: string; samples: Samples }[]

  beforeAll(async () => {
    world = await ReportWorld.create()
    ports = [await freePort(), await freePort(), await freePort()]
    const [own, ...others] = ports.map((port) => ({ ...world.variables, METRICS_PORT: String(port) }))
    ;[api, ...workers] = await Promise.all([startApiProcess(own ?? {}), ...others.map(startWorkerProcess)])
    world.mail.inject({
      at: 'recipient',
      does: 'reply',
      code: 550,
      text: '5.1.1 No such user',
      recipient: 'parti@ville.test',
    })
    const requests = [
      ...Array.from({ length: 4 }, () => world.request()),
      world.request({ recipients: ['parti@ville.test'] }),
    ]
    const { id } = await world.define()
    await world.engine.applySchedule(id)
    await world.temporal.schedule.getHandle(scheduleIdFor(id)).trigger()
    for (const { number } of await Promise.all(requests))
      await world.rowBecomes(number, ({ status }) => status === 'completed' || status === 'failed', 60_000)
    await eventually(
      () => world.prisma.report.count({ where: { origin: 'schedule', status: 'completed' } }),
      (count) => count === 1,
      { withinMs: 60_000 },
    )
    // Counted just after it is written.
    pages = await eventually(
      () => Promise.all(ports.map(scrape)),
      (all) =>
        sum(all, 'rapporteur_reports_ended_total') === 6 &&
        all.every(
          (page) =>
            sum([page], 'rapporteur_maintenance_age_seconds', 'maintenance="reconcile"') > 0 &&
            sum([page], 'rapporteur_maintenance_age_seconds', 'maintenance="sweep"') > 0 &&
            sum([page], 'rapporteur_reports_open') === 0,
        ),
      { withinMs: 60_000, everyMs: 500 },
    )
  })

  afterAll(async () => {
    await api?.kill()
    await Promise.all((workers ?? []).map((worker) => worker.end('SIGKILL')))
    await world?.close()
  })

  it('add up, each process counting what it did', () => {
    const ended = (...labels: string[]) =>
      sum(pages, 'rapporteur_reports_ended_total', 'type="schools"', ...labels)
    expect(ended('origin="request"', 'outcome="completed"')).toBe(4)
    expect(ended('origin="request"', 'outcome="failed"')).toBe(1)
    expect(ended('origin="schedule"', 'outcome="completed"')).toBe(1)
    expect(sum(pages, 'rapporteur_report_failures_total', 'code="nobody_reached"')).toBe(1)
    const made = world.mail.mails.length
    expect(sum(pages, 'rapporteur_mails_total', 'result="sent"')).toBe(made)
    expect(sum(pages, 'rapporteur_mails_total', 'result="mail_refused"')).toBeGreaterThan(0)
    expect(sum(pages, 'rapporteur_phase_seconds_count', 'phase="generate"', 'result="ok"')).toBe(6)
    expect(sum(pages, 'rapporteur_phase_seconds_count', 'phase="email"', 'result="failed"')).toBe(1)
    expect(sum(pages, 'rapporteur_start_delay_seconds_count', 'origin="request"')).toBe(5)
    expect(sum(pages, 'rapporteur_schedule_drift_seconds_count')).toBe(1)
    expect(sum(pages, 'rapporteur_rows_total', 'format="csv"')).toBeGreaterThan(6)
    expect(sum(pages, 'rapporteur_file_bytes_total', 'format="csv"')).toBeGreaterThan(600)
    // The API did none of it.
    expect(sum(pages.slice(0, 1), 'rapporteur_reports_ended_total')).toBe(0)
    expect(sum(pages.slice(1), 'rapporteur_file_process_memory_bytes', 'of="largest"')).toBeGreaterThan(
      50_000_000,
    )
  })

  it('say of the installation the same on every page', () => {
    for (const name of [
      'reports_open',
      'reports_stuck',
      'oldest_queued_seconds',
      'scheduled_reports',
      'task_queue_pollers',
    ]) {
      const values = pages.map((page) => sum([page], `rapporteur_${name}`))
      expect(values, name).toEqual(values.map(() => values[0]))
    }
    for (const page of pages) {
      expect(sum([page], 'rapporteur_installation_readable', 'part="database"')).toBe(1)
      expect(sum([page], 'rapporteur_installation_readable', 'part="temporal"')).toBe(1)
      expect(sum([page], 'rapporteur_task_queue_pollers', 'queue="deliveries"')).toBe(2)
      expect(sum([page], 'rapporteur_scheduled_reports', 'state="enabled"')).toBe(1)
      expect(sum([page], 'rapporteur_database_connections', 'pool="product"')).toBeGreaterThan(0)
    }
  })

  it('hold every metric that the dashboard and the alerts name', () => {
    const there = new Set(
      pages.flatMap(({ text }) => text.match(/^# TYPE \S+/gm) ?? []).map((line) => line.slice(7)),
    )
    for (const file of ['grafana-dashboard.json', 'alerts.yml']) {
      const text = readFileSync(new URL(`../../docs/monitoring/${file}`, import.meta.url), 'utf8')
      const named = new Set(text.match(/\b(?:rapporteur|temporal|process|nodejs)_[a-z0-9_]+/g))
      const missing = [...named].filter(
        (name) => !there.has(name) && !there.has(name.replace(/_(?:bucket|count|sum)$/, '')),
      )
      expect(missing, file).toEqual([])
      expect(named.size, file).toBeGreaterThan(5)
    }
  })

  it('are each described in docs/monitoring.md, and no others are', () => {
    const own = (text: string) => new Set(text.match(/\brapporteur_[a-z_]+/g))
    const types = pages.flatMap(({ text }) => text.match(/^# TYPE rapporteur\S+/gm) ?? []).join('\n')
    const described = own(readFileSync(new URL('../../docs/monitoring.md', import.meta.url), 'utf8'))
    expect([...described].toSorted()).toEqual([...own(types)].toSorted())
  })

  it('name nobody, and are not on the public port', async () => {
    for (const { text } of pages) {
      expect(text).not.toMatch(/@ville\.test/)
      expect(text).not.toContain(world.owner.id)
    }
    expect((await fetch(`${api.url}/metrics`)).headers.get('content-type')).not.toContain('version=0.0.4')
    const elsewhere = await fetch(`http://127.0.0.1:${ports[1]}/v1/me`)
    expect(elsewhere.status).toBe(404)
  })
})

it('the metrics of an installation whose database and Temporal are away say so, and nothing else of it', async () => {
  const registry = new Registry()
  const prisma = createPrisma('postgresql://nobody@127.0.0.1:1/nowhere')
  const connection = lazyTemporalConnection({ address: '127.0.0.1:1', interceptors: [] })
  const temporal = createTemporalClient(connection, { PAYLOAD_KEYS: [], TEMPORAL_NAMESPACE: 'default' })
  try {
    await createInstallationGauges(registry, { prisma, temporal, logger: createLogger('test') }).refresh()
    const samples = (await registry.metrics()).split('\n').filter((line) => line.startsWith('rapporteur'))
    expect(samples.toSorted()).toEqual([
      'rapporteur_installation_readable{part="database"} 0',
      'rapporteur_installation_readable{part="temporal"} 0',
    ])
  } finally {
    await prisma.$disconnect()
    await connection.close()
  }
})
