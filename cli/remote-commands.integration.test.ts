/** The commands that go through the public API, against a real one with a key of an administrator's. */

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { listen } from '#api/http/listen.ts'
import type { KeyScope } from '#domain/schemas/api-key-schema.ts'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { freePort } from '#local/ports.ts'
import { projectFolder } from '#local/settings.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'
import { connectApi, type ApiClient } from './connect-api.ts'
import { applyDefinitions, diffDefinitions, exportDefinitions } from './remote-definitions.ts'
import { cancelReports, listReports, relaunchReports, showReport } from './remote-reports.ts'
import { actOnSchedules, backfillSchedule, listSchedules } from './remote-schedules.ts'
import { tellMetrics, tellStatus } from './status.ts'

let world: TestApi
let server: Server
let url: string
let admin: Caller
let awa: Caller
let key: string
let api: ApiClient
beforeAll(async () => {
  world = await createTestApi()
  server = await listen({ fetch: world.app.fetch, port: await freePort(), hostname: '127.0.0.1' })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  admin = await world.signIn('admin')
  awa = await world.signIn('awa')
  key = await keyOf(admin, ['reports:read', 'reports:write', 'scheduled-reports:write'])
  api = await connectApi({ RAPPORTEUR_URL: url, RAPPORTEUR_API_KEY: key, LANG: 'en_GB.UTF-8' }, {})
})
afterAll(async () => {
  server.close()
  await world.close()
})
beforeEach(async () => {
  await world.prisma.report.deleteMany()
  await world.prisma.scheduledReport.deleteMany()
})

async function keyOf(who: Caller, scopes: KeyScope[]): Promise<string> {
  const made = await who.post('/v1/me/api-keys', { name: scopes.join(), scopes })
  return (made.body as { key: string }).key
}

async function report(who: Caller, status: string): Promise<number> {
  const { number } = (await who.post('/v1/reports', { type: 'pupils', format: 'csv' })).body as ReportJson
  const failure = { phase: 'generate', message: 'La source est absente.', code: 'source_unavailable' }
  await world.prisma.report.update({
    where: { number },
    data: { status, ...(status === 'failed' ? { failure } : {}) },
  })
  return number
}

async function schedule(name: string, change: object = {}): Promise<ScheduledReportJson> {
  const made = await admin.post('/v1/admin/scheduled-reports', {
    name,
    type: 'schools',
    frequency: 'daily',
    recipients: ['admin@rapporteur.test'],
    format: 'csv',
    time_zone: 'UTC',
    ...change,
  })
  return made.body as ScheduledReportJson
}

function command(
  variables: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; out: string; error: string }> {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, RAPPORTEUR_URL: url, RAPPORTEUR_API_KEY: key, ...variables }
  return new Promise((resolve) => {
    const file = join(projectFolder, 'cli/rapporteur.ts')
    execFile(process.execPath, [file, ...args], { env }, (error, out, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, error: stderr }),
    )
  })
}

describe('reports', () => {
  it('are listed by owner, status and moment, and shown with their steps', async () => {
    const mine = await report(admin, 'failed')
    const hers = await report(awa, 'completed')
    expect((await listReports(api, {})).json).toMatchObject([{ number: mine }])
    expect((await listReports(api, { owner: 'all' })).json).toMatchObject([
      { number: hers },
      { number: mine },
    ])
    expect((await listReports(api, { owner: 'all', limit: '1' })).json).toMatchObject([{ number: hers }])
    expect((await listReports(api, { owner: 'all', status: 'completed' })).text).toMatch(
      new RegExp(`^N° ${hers}  completed  `),
    )
    await world.prisma.report.update({
      where: { number: mine },
      data: { requestedAt: new Date(Date.now() - 7_200_000) },
    })
    expect((await listReports(api, { owner: 'all', since: '1h' })).json).toMatchObject([{ number: hers }])
    await expect(listReports(api, { since: 'yesterday' })).rejects.toMatchObject({ exitCode: 2 })
    expect((await showReport(api, String(mine))).text).toMatch(
      /failure +La source est absente\. \(source_unavailable\)/,
    )
    await expect(showReport(api, '999999')).rejects.toThrow(/\(not_found\)/)
  })

  it('are relaunched in bulk only with a second word, and by number at once', async () => {
    const numbers = [
      await report(admin, 'failed'),
      await report(awa, 'failed'),
      await report(awa, 'completed'),
    ]
    const [first = 0, second = 0, whole = 0] = numbers
    const before = world.engine.relaunched.length
    const planned = await relaunchReports(api, [], { owner: 'all' })
    expect(planned.text).toMatch(/^Would relaunch 2:\n.*\n.*\nNothing is done yet: add --yes\.$/)
    expect(world.engine.relaunched.length).toBe(before)
    const done = await relaunchReports(api, [], { owner: 'all', yes: true })
    expect(done).toMatchObject({ exitCode: 0, json: { done: [{ number: second }, { number: first }] } })
    const refused = await relaunchReports(api, [String(whole)], {})
    expect(refused.exitCode).toBe(1)
    expect(refused.text).toMatch(new RegExp(`^NOT relaunch: N° ${whole} .*: .* \\(not_relaunchable\\)`))
    await expect(relaunchReports(api, ['1'], { type: 'pupils' })).rejects.toMatchObject({ exitCode: 2 })
  })

  it('are cancelled in bulk while they are in progress', async () => {
    const queued = await report(awa, 'queued')
    await report(awa, 'completed')
    const answer = await cancelReports(api, [], { owner: 'all', yes: true })
    expect(answer.json).toMatchObject({ done: [{ number: queued }], failed: [] })
  })
})

describe('scheduled reports', () => {
  it('are listed, paused and resumed by name, by id, and in bulk', async () => {
    const { id } = await schedule('Écoles du jour')
    await schedule('Écoles du soir')
    expect((await listSchedules(api, {})).text).toMatch(
      /enabled .*Écoles du soir\n.*enabled .*Écoles du jour/,
    )
    expect((await actOnSchedules(api, 'pause', ['Écoles du jour'], {})).json).toMatchObject({
      done: [{ id, enabled: false }],
    })
    const planned = await actOnSchedules(api, 'pause', [], { owner: 'all' })
    expect(planned.text).toMatch(/^Would pause 1:\n {2}Écoles du soir/)
    await actOnSchedules(api, 'pause', [], { owner: 'all', yes: true })
    expect((await actOnSchedules(api, 'resume', [id], {})).exitCode).toBe(0)
    expect(await world.prisma.scheduledReport.count({ where: { enabled: true } })).toBe(1)
    await expect(actOnSchedules(api, 'pause', [], {})).rejects.toMatchObject({ exitCode: 2 })
    await schedule('Écoles du soir')
    await expect(actOnSchedules(api, 'run', ['Écoles du soir'], {})).rejects.toThrow(
      /2 scheduled reports are called/,
    )
    await expect(actOnSchedules(api, 'run', ['Nulle'], {})).rejects.toThrow(
      'No scheduled report is called "Nulle"',
    )
  })

  it('run now, and over a past period that is said first', async () => {
    const { id } = await schedule('Écoles')
    const { json } = await actOnSchedules(api, 'run', ['Écoles'], {})
    expect(json).toMatchObject({ done: [{ status: 'queued', scheduled_report_id: id }] })
    const period = { from: '2026-11-01T00:00Z', to: '2026-11-03T00:00Z' }
    const planned = await backfillSchedule(api, id, period)
    expect(planned.text).toMatch(/^Écoles: 2 occurrences\n {2}2026-11-01 08:00Z {2}started\n/)
    expect(planned.text).toMatch(/Nothing is done yet: add --yes\.$/)
    const done = await backfillSchedule(api, id, { ...period, yes: true })
    expect(done.text).toBe('Écoles: 2 occurrences begun.')
    await expect(backfillSchedule(api, id, { from: 'then', to: 'now' })).rejects.toMatchObject({
      exitCode: 2,
    })
  })
})

describe('definitions', () => {
  const fileOf = async (text: string) => {
    const folder = await mkdtemp(join(tmpdir(), 'rapporteur-definitions-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'all.yaml')
    await writeFile(file, text)
    return file
  }

  it('exported and applied change nothing, and are made anew where they are missing, once', async () => {
    await schedule('Écoles', { frequency: 'weekly', weekdays: [5, 1], subject: 'Les écoles' })
    await schedule('Élèves', {
      type: 'pupils',
      filters_json: { period: { relative: 'yesterday' } },
      enabled: false,
    })
    const { text } = await exportDefinitions(api, {})
    const file = await fileOf(text)
    expect(await diffDefinitions(api, [file], {})).toMatchObject({
      exitCode: 0,
      text: '0 to create, 0 to change, 0 to delete, 2 as they should be.',
    })
    await world.prisma.scheduledReport.deleteMany()
    for (const unchanged of [0, 2]) {
      const applied = await applyDefinitions(api, [file], { yes: true })
      expect(applied.json).toMatchObject({ unchanged, failed: [] })
    }
    const again = await exportDefinitions(api, {})
    const withoutIds = (yaml: string) => yaml.replaceAll(/- id: .*/g, '- id')
    expect(withoutIds(again.text)).toBe(withoutIds(text))
  })

  it('are changed as the file says, after the plan, and deleted only where that is asked', async () => {
    const { id } = await schedule('Écoles')
    await schedule('À part')
    const entry = { id, name: 'Écoles publiques', type: 'schools', frequency: 'daily', time: '06:15' }
    const file = await fileOf(
      JSON.stringify({ definitions: [{ ...entry, recipients: ['admin@rapporteur.test'], format: 'csv' }] }),
    )
    const planned = await applyDefinitions(api, [file], {})
    expect(planned.text.replace(/\(.*\)/, '(ID)').split('\n')).toEqual([
      '~ Écoles',
      '    name: "Écoles" → "Écoles publiques"',
      '    time: "08:00" → "06:15"',
      '? À part (ID): in no file, left alone without --prune',
      '0 to create, 1 to change, 0 to delete, 0 as they should be.',
      'Nothing is done yet: add --yes.',
    ])
    expect((await diffDefinitions(api, [file], {})).exitCode).toBe(1)
    await applyDefinitions(api, [file], { yes: true })
    expect(await world.prisma.scheduledReport.findUnique({ where: { id } })).toMatchObject({
      name: 'Écoles publiques',
      time: '06:15',
      timeZone: 'UTC',
    })
    expect((await diffDefinitions(api, [file], {})).exitCode).toBe(0)
    expect((await diffDefinitions(api, [file], { prune: true })).exitCode).toBe(1)
    await applyDefinitions(api, [file], { yes: true, prune: true })
    expect(await world.prisma.scheduledReport.count()).toBe(1)
  })

  it('that somebody changes after the plan are left alone', async () => {
    const { id } = await schedule('Écoles')
    const entry = { id, name: 'Écoles', type: 'schools', frequency: 'daily', time: '06:15' }
    const file = await fileOf(
      JSON.stringify({ definitions: [{ ...entry, recipients: ['admin@rapporteur.test'], format: 'csv' }] }),
    )
    const overtaken: ApiClient = {
      ...api,
      read: async (path) => {
        await world.prisma.scheduledReport.update({ where: { id }, data: { time: '09:00' } })
        return await api.read(path)
      },
    }
    const answer = await applyDefinitions(overtaken, [file], { yes: true })
    expect(answer.text).toMatch(/^NOT done: Écoles: It was changed since the plan was made/m)
    expect(answer.exitCode).toBe(1)
    expect(await world.prisma.scheduledReport.findUnique({ where: { id } })).toMatchObject({ time: '09:00' })
  })

  it('that the API refuses are named, and the others are applied', async () => {
    const common = { frequency: 'daily', recipients: ['admin@rapporteur.test'], format: 'csv' }
    const file = await fileOf(
      JSON.stringify({
        definitions: [
          { ...common, name: 'Bonne', type: 'schools' },
          { ...common, name: 'Fausse', type: 'no_such_type' },
        ],
      }),
    )
    const answer = await applyDefinitions(api, [file], { yes: true })
    expect(answer.exitCode).toBe(1)
    expect(answer.text).toMatch(/^1 done\.\nNOT done: Fausse: .*\(validation_failed\)\n {2}type: /m)
    await expect(applyDefinitions(api, ['/nowhere.yaml'], {})).rejects.toMatchObject({ exitCode: 2 })
  })
})

it('tells how the installation is, and counts for scripts', async () => {
  await report(awa, 'failed')
  const { text, json } = await tellStatus(api)
  expect(text).toMatch(/^database +ok/m)
  expect(text).toMatch(/^failed +1 in 30 days/m)
  expect(json).toMatchObject({ url, readiness: { status: 'ok' } })
  expect((await tellMetrics(api)).text).toMatch(/^failed_not_relaunched 1$/m)
})

describe('the command', { timeout: 60_000 }, () => {
  it('takes the key from a variable or a file and from no argument, prints JSON, and ends with a code', async () => {
    const number = await report(admin, 'failed')
    const { out, code } = await command({}, 'reports', 'list', '--json')
    expect(JSON.parse(out)).toMatchObject([{ number }])
    expect(code).toBe(0)
    const folder = await mkdtemp(join(tmpdir(), 'rapporteur-key-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'key'), `${key}\n`)
    const fromFile = await connectApi({ RAPPORTEUR_URL: url }, { keyFile: join(folder, 'key') })
    expect((await listReports(fromFile, {})).json).toMatchObject([{ number }])
    expect(await command({}, 'reports', 'list', '--api-key', key)).toMatchObject({ code: 2, out: '' })
  })

  it.each([
    { LANG: 'fr_FR.UTF-8', words: /^Cette clé .*\(invalid_api_key\)\n$/s },
    { LANG: 'C.UTF-8', words: /^This (API )?key .*\(invalid_api_key\)\n$/s },
  ])('says in the language of $LANG what the API refuses', async ({ LANG, words }) => {
    const { code, error } = await command({ LANG, RAPPORTEUR_API_KEY: 'wrong' }, 'reports', 'list')
    expect(code).toBe(1)
    expect(error).toMatch(words)
  })

  it('says what is missing, and what a key may not', async () => {
    const reader = await connectApi(
      { RAPPORTEUR_URL: url, RAPPORTEUR_API_KEY: await keyOf(admin, ['reports:read']) },
      {},
    )
    const { id } = await schedule('Écoles')
    const answer = await actOnSchedules(reader, 'pause', [id], {})
    expect(answer).toMatchObject({ exitCode: 1, text: expect.stringContaining('(scope_missing)') as string })
    await expect(connectApi({ RAPPORTEUR_API_KEY: key }, {})).rejects.toThrow('RAPPORTEUR_URL')
    await expect(connectApi({ RAPPORTEUR_URL: url }, {})).rejects.toThrow('RAPPORTEUR_API_KEY')
    const away = await connectApi({ RAPPORTEUR_API_KEY: key, LANG: 'fr' }, { url: 'http://127.0.0.1:1' })
    await expect(listReports(away, {})).rejects.toThrow(/ne répond pas : .*Vérifiez l’adresse/)
    const other = await connectApi({ RAPPORTEUR_API_KEY: key }, { url: world.environment.S3_ENDPOINT })
    await expect(listReports(other, {})).rejects.toThrow(/not as Rapporteur does/)
  })
})
