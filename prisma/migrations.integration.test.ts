import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { definitionDefaults } from '#domain/definition-defaults.ts'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '#test/servers/database.ts'
import {
  applyMigrations,
  diffSchemas,
  lastSchemaFile,
  migrationsFolder,
  schemaFile,
} from './migration-engine.ts'

describe('migrations', () => {
  let empty: TestDatabase
  let migrated: TestDatabase
  beforeAll(async () => {
    empty = await createEmptyDatabase()
    migrated = await createTestDatabase()
  })
  afterAll(async () => {
    await empty.drop()
    await migrated.drop()
  })

  it('are up to date with schema.prisma', async () => {
    const [last, now] = await Promise.all([readFile(lastSchemaFile, 'utf8'), readFile(schemaFile, 'utf8')])
    expect(await diffSchemas(empty.url, last, now)).toBe('')
  })

  it('create the tables that schema.prisma describes', async () => {
    const fromScratch = await diffSchemas(empty.url, null, await readFile(schemaFile, 'utf8'))
    await query(empty.url, fromScratch)
    expect(await shapeOf(migrated.url)).toEqual(await shapeOf(empty.url))
  })

  it('give a definition the defaults that the API and the dialog give it', async () => {
    await query(
      migrated.url,
      `INSERT INTO "user" (id, email, name, updated_at) VALUES ('ines', 'ines@ville.test', 'Inès', now())`,
    )
    const [row] = await query(
      migrated.url,
      `INSERT INTO scheduled_report (id, owner_id, name, type, frequency, time, month_day, time_zone, format, locale,
         updated_at)
       VALUES (gen_random_uuid(), 'ines', 'Écoles', 'schools', 'daily', '08:00', '1', 'UTC', 'csv', 'fr', now())
       RETURNING enabled, missed_runs, only_if_rows, spread_minutes, pause_after_failures`,
    )
    expect(definitionDefaults).toMatchObject(row as object)
  })

  it('apply nothing the second time', async () => {
    expect(await applyMigrations(migrated.url)).toEqual([])
  })
})

describe('the rows of an earlier release', () => {
  const failures = { kind: 'failures', times: 3, number: 12 }
  const notOurs = 'Paused after 3 failures in a row; see N° 12.'
  const quoted = 'Inventaire :\n« la "fin" »'
  const pauseNotes: [note: string | null, reason: unknown][] = [
    [null, null],
    ['Mis en pause après 1 échec ; dernier : N° 7.', { kind: 'failures', times: 1, number: 7 }],
    ['Mis en pause après 3 échecs de suite ; dernier : N° 12.', failures],
    ['Paused after 3 failures in a row; the last one: No. 12.', failures],
    [
      'Mis en pause\u00A0: le compte de Inès "Durand" est désactivé.',
      { kind: 'owner_inactive', owner: 'Inès "Durand"' },
    ],
    ['Paused: the account of Awa is deactivated.', { kind: 'owner_inactive', owner: 'Awa' }],
    ['Mis en pause\u00A0: le dernier destinataire s’est désabonné.', { kind: 'unsubscribed' }],
    ['Paused: the last recipient unsubscribed.', { kind: 'unsubscribed' }],
    [notOurs, { kind: 'operator', note: notOurs }],
    [quoted, { kind: 'operator', note: quoted }],
    // What a Schedule says that gives no reason.
    ['Paused in Rapporteur', null],
    ['Écoles', null],
  ]

  const left: [email: string, at: string, definition: string | null][] = [
    ['Anna@ville.test', '2026-11-23T12:00:00Z', '0'],
    ['anna@ville.test', '2026-11-24T12:00:00Z', '0'],
    ['anna@ville.test', '2026-11-25T12:00:00Z', '1'],
    // Of a definition that is deleted.
    ['anna@ville.test', '2026-11-26T12:00:00Z', null],
  ]

  let old: TestDatabase
  beforeAll(async () => {
    old = await createEmptyDatabase()
    await migrateUntil('20261128110923', old.url)
    await query(
      old.url,
      `INSERT INTO "user" (id, email, name, updated_at) VALUES ('ines', 'ines@ville.test', 'Inès', now())`,
    )
    for (const [index, [note]] of pauseNotes.entries()) {
      await query(
        old.url,
        `INSERT INTO scheduled_report (id, owner_id, name, type, frequency, time, month_day, time_zone, format, locale,
           updated_at, enabled, pause_note, subject)
         VALUES (gen_random_uuid(), 'ines', 'Écoles', 'schools', 'daily', '08:00', '1', 'UTC', 'csv', 'fr',
           now(), false, $1, $2)`,
        [note, index],
      )
    }
    for (const [email, day, subject] of left) {
      await query(
        old.url,
        `WITH report AS (
           INSERT INTO report (origin, owner_id, title, type, format, columns, filters, recipients, locale, time_zone,
             status, workflow_id, scheduled_report_id)
           VALUES ('schedule', 'ines', 'Écoles', 'schools', 'csv', '{code}', '{}', '{}', 'fr', 'UTC', 'completed',
             gen_random_uuid(), (SELECT id FROM scheduled_report WHERE subject = $3))
           RETURNING number)
         INSERT INTO notice (id, report_number, round, kind, user_id, details, created_at)
         SELECT gen_random_uuid(), number, 0, 'recipient_unsubscribed', 'ines',
           jsonb_build_object('kind', 'recipient_unsubscribed', 'recipient', $1::text), $2 FROM report`,
        [email, day, subject],
      )
    }
    await applyMigrations(old.url)
  })
  afterAll(() => old.drop())

  it('keep why they are paused: our sentences as codes, others as an operator’s note', async () => {
    const rows = await query(old.url, 'SELECT pause_reason FROM scheduled_report ORDER BY subject::int')
    expect(rows).toEqual(pauseNotes.map(([, pause_reason]) => ({ pause_reason })))
  })

  it('keep who unsubscribed from what, once an address and definition, as the notices told', async () => {
    const rows = await query(
      old.url,
      `SELECT subject, email, to_char(unsubscribed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day
       FROM unsubscription JOIN scheduled_report ON id = scheduled_report_id ORDER BY subject`,
    )
    expect(rows).toEqual([
      { subject: '0', email: 'anna@ville.test', day: '2026-11-24' },
      { subject: '1', email: 'anna@ville.test', day: '2026-11-25' },
    ])
  })
})

/** Applies the migrations written before this moment, given as their names begin. */
async function migrateUntil(moment: string, url: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  const names = (await readdir(migrationsFolder)).filter((name) => name < moment)
  for (const name of [...names, 'migration_lock.toml'])
    await cp(join(migrationsFolder, name), join(folder, name), { recursive: true })
  await applyMigrations(url, folder)
  await rm(folder, { recursive: true })
}

/** Columns, constraints and indexes, as text. */
async function shapeOf(url: string): Promise<unknown[]> {
  return await query(
    url,
    `SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
     UNION ALL
     SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', ''
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> '_prisma_migrations'
     UNION ALL
     SELECT tablename, indexname, indexdef, '', '', ''
       FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
     ORDER BY 1, 2, 3`,
  )
}

async function query(url: string, sql: string, values?: unknown[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql, values)
    return rows ?? []
  } finally {
    await client.end()
  }
}
