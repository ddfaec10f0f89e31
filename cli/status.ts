/** `rapporteur status` and `rapporteur metrics`: what the API knows of its installation. */

import type { Dashboard } from '#domain/schemas/dashboard-schema.ts'
import { table, type Answer } from './answer.ts'
import type { ApiClient } from './connect-api.ts'
import { CommandError, exitCodes } from './command-error.ts'

interface Readiness {
  status: 'ok' | 'down'
  dependencies: Record<string, { status: 'ok' | 'down'; ms: number }>
  warnings: string[]
}

/** Ends with 1 when a part does not answer or the dashboard names a fault. */
export async function tellStatus(api: ApiClient): Promise<Answer> {
  const readiness = await api.call<Readiness>('/readyz', { mayFail: true })
  const parts = Object.entries(readiness.dependencies).map(([part, { status, ms }]) => [
    part,
    `${status} (${ms} ms)`,
  ])
  const about = [['installation', api.url], ...parts]
  let dashboard: Dashboard
  try {
    dashboard = await api.call<Dashboard>('/v1/admin/dashboard')
  } catch (error) {
    // Without its database the API still says which part is down.
    if (readiness.status === 'ok' || !(error instanceof CommandError)) throw error
    const text = `${table(about)}\n\n${error.message}`
    return { json: { url: api.url, readiness }, text, exitCode: exitCodes.wrong }
  }
  const { installation, due, failures, paused, report_types: types } = dashboard
  const rows = [
    ...about,
    ['report types', String(types.total)],
    ['due within a day', String(due.next_24_hours.total)],
    ['failed', `${failures.failed.total} in 30 days, not relaunched`],
    ['partly delivered', `${failures.partly_delivered.total} in 30 days`],
    ['stuck', String(failures.stuck.total)],
    ['paused', `${paused.total} scheduled reports`],
  ]
  const faults = installation.map(({ part, detail, since }) => `FAULT  ${part}, since ${since}: ${detail}`)
  const isWrong = readiness.status === 'down' || faults.length > 0
  return {
    json: { url: api.url, readiness, ...dashboard },
    text: [table(rows), ...(faults.length > 0 ? ['', ...faults] : [])].join('\n'),
    exitCode: isWrong ? exitCodes.wrong : exitCodes.ok,
  }
}

/** One `name value` a line: counts for a script. */
export async function tellMetrics(api: ApiClient): Promise<Answer> {
  const {
    due,
    failures,
    last_30_days: month,
    paused,
    installation,
  } = await api.call<Dashboard>('/v1/admin/dashboard')
  const counts = {
    due_24_hours: due.next_24_hours.total,
    due_7_days: due.next_7_days.total,
    failed_not_relaunched: failures.failed.total,
    failing_schedules: failures.in_a_row.total,
    partly_delivered_not_relaunched: failures.partly_delivered.total,
    stuck: failures.stuck.total,
    paused_schedules: paused.total,
    installation_faults: installation.length,
    completed_30_days: month.completed,
    failed_30_days: month.failed,
    cancelled_30_days: month.cancelled,
    skipped_30_days: month.skipped,
    median_ms_30_days: month.median_ms,
    p95_ms_30_days: month.p95_ms,
  }
  const lines = Object.entries(counts).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${value}`],
  )
  return { json: counts, text: lines.join('\n') }
}
