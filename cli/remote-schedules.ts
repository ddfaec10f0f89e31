/** `rapporteur schedules …` */

import { randomUUID } from 'node:crypto'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import type { BackfillPreview, ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { moment, table, type Answer } from './answer.ts'
import type { ApiClient } from './connect-api.ts'
import { CommandError, UsageError } from './command-error.ts'
import { inBulk } from './in-bulk.ts'

export interface ScheduleFilter {
  q?: string
  status?: string
  /** `all`, or a person's id; one's own unless given. */
  owner?: string
}

export const schedulesPath = '/v1/admin/scheduled-reports'

/** All that a filter finds, newest first. */
export async function findSchedules(
  api: ApiClient,
  { q, status, owner }: ScheduleFilter,
): Promise<ScheduledReportJson[]> {
  // By id: what is created meanwhile moves one from a page to the next.
  const found = new Map<string, ScheduledReportJson>()
  for await (const one of api.list<ScheduledReportJson>(schedulesPath, { q, status, owner }))
    found.set(one.id, one)
  return [...found.values()]
}

export async function listSchedules(api: ApiClient, filter: ScheduleFilter): Promise<Answer> {
  const found = await findSchedules(api, filter)
  const rows = found.map((one) => [
    one.id,
    one.enabled ? 'enabled' : 'paused',
    one.last_status ?? '–',
    `next ${moment(one.next_run)}`,
    one.user_name,
    one.name,
    one.sync === 'pending' ? '(not applied yet)' : '',
  ])
  return { json: found, text: rows.length === 0 ? 'No scheduled reports.' : table(rows) }
}

type Action = 'pause' | 'resume' | 'run'

/** What is paused already is left alone where a filter finds it. */
const isFor: Readonly<Record<Action, (one: ScheduledReportJson) => boolean>> = {
  pause: ({ enabled }) => enabled,
  resume: ({ enabled }) => !enabled,
  run: () => true,
}

export async function actOnSchedules(
  api: ApiClient,
  action: Action,
  names: readonly string[],
  options: ScheduleFilter & { yes?: boolean },
): Promise<Answer> {
  const { q, status, owner } = options
  const isFiltered = [q, status, owner].some((one) => one !== undefined)
  if (names.length > 0 && isFiltered) throw new UsageError('Give names or a filter, not both')
  if (names.length === 0 && !isFiltered) {
    throw new UsageError('Name scheduled reports, or give a filter: --owner all for every one')
  }
  return await inBulk({
    items:
      names.length > 0 ? await named(api, names) : (await findSchedules(api, options)).filter(isFor[action]),
    isNamed: names.length > 0,
    isConfirmed: options.yes === true,
    verb: action,
    nameOf: ({ name, id }) => `${name} (${id})`,
    act: ({ id }) =>
      api.call<ScheduledReportJson | ReportJson>(`${schedulesPath}/${id}/${action}`, {
        method: 'POST',
        // A repeated request does not run it twice.
        ...(action === 'run' ? { headers: { 'idempotency-key': randomUUID() } } : {}),
      }),
  })
}

export async function backfillSchedule(
  api: ApiClient,
  name: string,
  { from, to, again = false, yes = false }: { from: string; to: string; again?: boolean; yes?: boolean },
): Promise<Answer> {
  const [one] = await named(api, [name])
  if (!one) throw new CommandError(`There is no ${name}`)
  const path = `${schedulesPath}/${one.id}/backfill`
  const body = { from: instantOf('--from', from), to: instantOf('--to', to), again }
  const { occurrences } = await api.call<BackfillPreview>(`${path}/preview`, { method: 'POST', body })
  const rows = occurrences.map(({ scheduled_for, action, number, status }) => [
    `  ${moment(scheduled_for)}`,
    action,
    number === null ? '' : `N° ${number} (${status})`,
  ])
  const isAny = occurrences.some(({ action }) => action !== 'already_run')
  if (!yes || !isAny) {
    const end = isAny ? 'Nothing is done yet: add --yes.' : 'Nothing to run.'
    const head = `${one.name}: ${occurrences.length} occurrences`
    return {
      json: { planned: occurrences, done: [] },
      text: [head, ...(rows.length > 0 ? [table(rows)] : []), end].join('\n'),
    }
  }
  const done = await api.call<{ occurrences: { action: string }[] }>(path, { method: 'POST', body })
  const count = done.occurrences.filter(({ action }) => action !== 'already_run').length
  return {
    json: { planned: occurrences, done: done.occurrences },
    text: `${one.name}: ${count} occurrences begun.`,
  }
}

const idPattern = /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i

/** By id, or by a name that only one has. */
async function named(api: ApiClient, names: readonly string[]): Promise<ScheduledReportJson[]> {
  const found: ScheduledReportJson[] = []
  for (const name of names) {
    if (idPattern.test(name)) {
      found.push(await api.call<ScheduledReportJson>(`${schedulesPath}/${name}`))
      continue
    }
    const all = (await findSchedules(api, { q: name, owner: 'all' })).filter((one) => one.name === name)
    const [one, ...others] = all
    if (!one) throw new CommandError(`No scheduled report is called "${name}"`)
    if (others.length > 0) {
      throw new CommandError(
        `${all.length} scheduled reports are called "${name}", so name one by its id: ${all.map(({ id }) => id).join(', ')}`,
      )
    }
    found.push(one)
  }
  return found
}

function instantOf(option: string, text: string): string {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) {
    throw new UsageError(`${option}: "${text}" is no moment: write 2026-11-29 or 2026-11-29T08:00+01:00`)
  }
  return at.toISOString()
}
