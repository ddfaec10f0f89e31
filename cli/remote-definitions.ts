/** `rapporteur definitions …`: scheduled reports kept as a file in git, and brought to what it says. */

import { isDeepStrictEqual } from 'node:util'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import type { Answer } from './answer.ts'
import type { ApiClient } from './connect-api.ts'
import { CommandError, exitCodes } from './command-error.ts'
import { bodyOf, changesOf, fromYaml, toYaml, type Definition, type FieldChange } from './definitions-file.ts'
import { attemptEach } from './in-bulk.ts'
import { readGiven } from './read-given.ts'
import { findSchedules, schedulesPath } from './remote-schedules.ts'

interface Scope {
  /** Whose: `all`, unless a person's id is given. */
  owner?: string
}

interface Plan {
  create: Definition[]
  change: { present: ScheduledReportJson; wanted: Definition; changes: FieldChange[] }[]
  /** In no file; deleted only where that is asked. */
  others: ScheduledReportJson[]
  unchanged: number
}

export async function exportDefinitions(api: ApiClient, { owner = 'all' }: Scope): Promise<Answer> {
  const found = await findSchedules(api, { owner })
  return { json: found, text: toYaml(found, api.url).trimEnd() }
}

/** Ends with 1 where something differs, as `diff` does. */
export async function diffDefinitions(
  api: ApiClient,
  files: readonly string[],
  { owner = 'all', prune = false }: Scope & { prune?: boolean },
): Promise<Answer> {
  const plan = await planFor(api, files, owner)
  const isSame = plan.create.length + plan.change.length + (prune ? plan.others.length : 0) === 0
  return {
    json: planJson(plan, prune),
    text: planText(plan, prune),
    exitCode: isSame ? exitCodes.ok : exitCodes.wrong,
  }
}

/** Idempotent: what is as the file says is left alone. */
export async function applyDefinitions(
  api: ApiClient,
  files: readonly string[],
  { owner = 'all', prune = false, yes = false }: Scope & { prune?: boolean; yes?: boolean },
): Promise<Answer> {
  const plan = await planFor(api, files, owner)
  const { create, change } = plan
  const remove = prune ? plan.others : []
  const text = planText(plan, prune)
  const count = create.length + change.length + remove.length
  if (count === 0) return { json: { ...planJson(plan, prune), done: [], failed: [] }, text }
  if (!yes) {
    return {
      json: { ...planJson(plan, prune), done: [], failed: [] },
      text: `${text}\nNothing is done yet: add --yes.`,
    }
  }
  const { done, failed } = await attemptEach<unknown>([
    ...create.map((wanted) => ({
      name: wanted.name,
      work: () => api.call(schedulesPath, { method: 'POST', body: bodyOf(wanted) }),
    })),
    ...change.map((one) => ({ name: one.wanted.name, work: () => replace(api, one) })),
    ...remove.map(({ id, name }) => ({
      name,
      work: () => api.call(`${schedulesPath}/${id}`, { method: 'DELETE' }),
    })),
  ])
  return {
    json: { ...planJson(plan, prune), done: done.map(({ name }) => name), failed },
    text: [
      text,
      `${done.length} done.`,
      ...failed.map(({ name, error }) => `NOT done: ${name}: ${error}`),
    ].join('\n'),
    exitCode: failed.length === 0 ? exitCodes.ok : exitCodes.wrong,
  }
}

/** Only what the plan said: what somebody changed since is not overwritten. */
async function replace(api: ApiClient, { present, wanted, changes }: Plan['change'][number]): Promise<void> {
  const path = `${schedulesPath}/${present.id}`
  const { body, etag } = await api.read(path)
  const now = body as ScheduledReportJson
  if (!isDeepStrictEqual(changesOf(wanted, now), changes)) {
    throw new CommandError('It was changed since the plan was made: look at the plan again')
  }
  const headers: Record<string, string> = etag === null ? {} : { 'if-match': etag }
  await api.call(path, { method: 'PUT', body: bodyOf(wanted, now), headers })
}

async function planFor(api: ApiClient, files: readonly string[], owner: string): Promise<Plan> {
  const wanted: Definition[] = []
  for (const file of files) wanted.push(...fromYaml(await readGiven(file), file, api.locale))
  const names = wanted.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new CommandError(`"${twice}" is in two files`)
  const present = await findSchedules(api, { owner })
  const plan: Plan = { create: [], change: [], others: [], unchanged: 0 }
  const taken = new Set<string>()
  for (const one of wanted) {
    const match = matchOf(one, present)
    if (!match) {
      plan.create.push(one)
      continue
    }
    if (taken.has(match.id)) throw new CommandError(`"${one.name}": another entry is ${match.id}, too`)
    taken.add(match.id)
    const changes = changesOf(one, match)
    if (changes.length === 0) plan.unchanged++
    else plan.change.push({ present: match, wanted: one, changes })
  }
  plan.others = present.filter(({ id }) => !taken.has(id))
  return plan
}

/** By id, so that a name can change; else by name, so that a file of another installation can be applied, again and again. */
function matchOf(
  { id, name }: Definition,
  present: readonly ScheduledReportJson[],
): ScheduledReportJson | undefined {
  const known = present.find((one) => one.id === id)
  if (known) return known
  const [match, ...others] = present.filter((one) => one.name === name)
  if (others.length > 0) {
    throw new CommandError(
      `${others.length + 1} scheduled reports are called "${name}": give the entry the id of one`,
    )
  }
  return match
}

function planText({ create, change, others, unchanged }: Plan, prune: boolean): string {
  return [
    ...create.map(({ name }) => `+ ${name}`),
    ...change.flatMap(({ present, changes }) => [
      `~ ${present.name}`,
      ...changes.map(
        ({ field, from, to }) => `    ${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`,
      ),
    ]),
    ...others.map(({ name, id }) =>
      prune ? `- ${name} (${id})` : `? ${name} (${id}): in no file, left alone without --prune`,
    ),
    `${create.length} to create, ${change.length} to change, ${prune ? others.length : 0} to delete, ${unchanged} as they should be.`,
  ].join('\n')
}

function planJson({ create, change, others, unchanged }: Plan, prune: boolean) {
  return {
    create: create.map(({ name }) => name),
    change: change.map(({ present: { id, name }, changes }) => ({ id, name, changes })),
    delete: prune ? others.map(({ id, name }) => ({ id, name })) : [],
    unmanaged: prune ? [] : others.map(({ id, name }) => ({ id, name })),
    unchanged,
  }
}
