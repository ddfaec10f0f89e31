/** The audit trail as a scheduled report, by a worker: its file, its mail, and what ends it. */

import { text } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { changeRole } from '#api/people/change-role.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

const recipient = 'securite@ville.test'
const columns = [
  'at',
  'kind',
  'actor',
  'api_key',
  'ip_address',
  'subject',
  'changes',
  'details',
  'request_id',
]

let world: ReportWorld
beforeAll(async () => {
  world = await ReportWorld.create({ DEMO_REPORT_TYPES: 'false' })
  await world.startWorker()
  const nobody = { id: null, via: 'none' } as const
  await recordEvent(world.prisma, { ...nobody, name: '=cmd|/c calc' }, { kind: 'sign_in_refused' })
  await recordEvent(
    world.prisma,
    {
      id: world.owner.id,
      name: 'Inès ; "Durand"',
      via: 'key',
      keyName: '@SUM(A1)',
      ipAddress: '2001:db8::7',
      requestId: 'r-1',
    },
    {
      kind: 'scheduled_report_changed',
      subject: { type: 'scheduled_report', id: 'd-1', name: '+33 Écoles' },
      changes: [{ field: 'time', from: '08:00', to: '09:30' }],
      details: { number: 42 },
    },
  )
})
afterAll(async () => await world.close())

async function made(change: Parameters<ReportWorld['request']>[0]) {
  const { number } = await world.request({
    type: 'audit',
    title: 'Journal d’audit',
    columns,
    recipients: [recipient],
    ...change,
  })
  return await world.rowBecomes(number, ({ status }) => ['completed', 'failed'].includes(status))
}

/** As PostgreSQL writes it, newest first. */
async function trail(): Promise<Record<string, string | null>[]> {
  return await world.prisma.$queryRaw`
    SELECT (at AT TIME ZONE 'Europe/Paris')::text AS at, kind, actor, key_name, ip_address,
      subject, request_id
    FROM audit_event ORDER BY at DESC, id DESC`
}

it('makes a CSV that another parser reads as the trail, no text of it a formula', async () => {
  const row = await made({ format: 'csv' })
  expect(row.failure).toBeNull()
  const file = await text(await world.context.storage.read(row.objectKey ?? ''))
  const [labels, ...records] = parse(file, { bom: true, delimiter: ';', record_delimiter: '\r\n' })
  expect(labels).toEqual([
    'Date',
    'Action',
    'Par qui',
    'Clé d’API',
    'Adresse réseau',
    'Objet',
    'Modifications',
    'Détails',
    'N° de requête',
  ])
  const stored = await trail()
  expect(records).toHaveLength(stored.length)
  const neutral = (value: string | null | undefined) => (value ?? '').replace(/^[=+@-]/, "'$&")
  const words: Record<string, string> = {
    sign_in_refused: 'Connexion refusée',
    scheduled_report_changed: 'Rapport programmé modifié',
  }
  records.forEach((record: string[], index: number) => {
    const entry = stored[index]
    // The decimal sign is that of the language.
    expect(record[0]).toBe(entry?.at?.replace('.', ','))
    expect(record.slice(1, 6)).toEqual([
      words[entry?.kind ?? ''],
      neutral(entry?.actor),
      neutral(entry?.key_name),
      neutral(entry?.ip_address),
      neutral(entry?.subject),
    ])
    expect(record[8]).toBe(entry?.request_id ?? '')
  })
  expect(records.map((record: string[]) => record[2])).toContain("'=cmd|/c calc")
  expect(records[0]?.slice(6, 8)).toEqual(['Heure : 08:00 → 09:30', 'N° du rapport : 42'])
  expect(world.mail.mailsFor(recipient)).toHaveLength(1)
})

it('makes a workbook with the filters in words, and texts that are texts', async () => {
  const row = await made({
    format: 'excel',
    filters: { actor: [world.owner.id], kind: ['scheduled_report_changed'] },
  })
  const workbook = new ExcelJS.Workbook()
  const bytes = await new Response(
    (await world.context.storage.read(row.objectKey ?? '')) as never,
  ).arrayBuffer()
  await workbook.xlsx.load(bytes)
  const [data, about] = workbook.worksheets
  const cell = data?.getRow(2).getCell(6)
  expect(cell?.value).toBe('+33 Écoles')
  expect(cell?.formula).toBeUndefined()
  expect(data?.rowCount).toBe(2)
  const said = JSON.stringify(about?.getSheetValues())
  expect(said).toContain('Inès ; \\"Durand\\"')
  expect(said).toContain('Rapport programmé modifié')
})

it('no longer runs, nor mails, once its owner is an administrator no more', async () => {
  const { prisma, owner } = world
  const definition = await world.define({ type: 'audit', columns, recipients: [recipient] })
  const before = world.mail.mailsFor(recipient).length
  await prisma.user.create({ data: { id: 'last', email: 'last@ville.test', name: 'Dernier', role: 'admin' } })
  await prisma.$transaction((transaction) => changeRole(transaction, owner.id, 'user'))
  const paused = await prisma.scheduledReport.findUniqueOrThrow({ where: { id: definition.id } })
  expect(paused).toMatchObject({ enabled: false, pauseReason: { kind: 'owner_demoted' } })

  // Also what was on its way: of the schedule, and asked for by hand.
  for (const change of [
    { origin: 'run_now', scheduledReport: { id: definition.id } } as const,
    { origin: 'request' } as const,
  ]) {
    const row = await made(change)
    expect(row).toMatchObject({ status: 'failed', objectKey: null })
    expect(row.failure).toMatchObject({ phase: 'generate', code: 'access_revoked' })
  }
  expect(world.mail.mailsFor(recipient)).toHaveLength(before)
})
