import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { definitionDefaults } from '#domain/definition-defaults.ts'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '#test/servers/database.ts'
import { applyMigrations, diffSchemas, lastSchemaFile, schemaFile } from './migration-engine.ts'
import { migrationsFolder } from './known-migrations.ts'

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
    // The note of a Schedule without a reason.
    ['Paused in Rapporteur', null],
    ['Écoles', null],
  ]

  const left: [email: string, at: string, definition: string | null][] = [
    ['Anna@ville.test', '2026-11-23T12:00:00Z', '0'],
    ['anna@ville.test', '2026-11-24T12:00:00Z', '0'],
    ['anna@ville.test', '2026-11-25T12:00:00Z', '1'],
    // A notice of a deleted definition.
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
    await query(
      old.url,
      `INSERT INTO "user" (id, email, name, role, banned, ban_expires, updated_at) VALUES
         ('boss', 'boss@ville.test', 'Boss', 'user,admin', false, NULL, now()),
         ('back', 'back@ville.test', 'Back', 'user', true, now() - interval '1 day', now()),
         ('gone', 'gone@ville.test', 'Gone', 'user', true, NULL, now())`,
    )
    await query(
      old.url,
      `INSERT INTO account (id, account_id, provider_id, user_id, password, id_token, created_at, updated_at) VALUES
         ('a', 'ines', 'credential', 'ines', 'old', NULL, '2026-01-01', now()),
         ('b', 'ines', 'credential', 'ines', 'new', NULL, '2026-02-01', now()),
         ('c', 'somebody', 'oidc', 'boss', NULL, 'a token', now(), now()),
         ('d', 'boss', 'credential', 'boss', 'theirs', NULL, now(), now())`,
    )
    await query(
      old.url,
      `INSERT INTO session (id, token, user_id, expires_at, updated_at) VALUES
         ('by-provider', 't1', 'boss', now() + interval '1 day', now()),
         ('by-password', 't2', 'ines', now() + interval '1 day', now())`,
    )
    await query(
      old.url,
      `INSERT INTO api_key (id, key, reference_id, updated_at, expires_at) VALUES
         ('k1', 'h1', 'ines', now(), NULL), ('k2', 'h2', 'ines', now(), '2026-12-01')`,
    )
    await applyMigrations(old.url)
  })
  afterAll(() => old.drop())

  it('bind nobody to the provider by an address that was never verified', async () => {
    expect(await query(old.url, 'SELECT id, password FROM account ORDER BY id')).toEqual([
      { id: 'b', password: 'new' },
      { id: 'd', password: 'theirs' },
    ])
    expect(await query(old.url, 'SELECT id FROM session')).toEqual([{ id: 'by-password' }])
    const people = await query(
      old.url,
      'SELECT id, role, banned, linkable, joined_at = created_at AS joined FROM "user" ORDER BY id',
    )
    expect(people).toEqual([
      { id: 'back', role: 'user', banned: false, linkable: false, joined: true },
      { id: 'boss', role: 'admin', banned: false, linkable: true, joined: true },
      { id: 'gone', role: 'user', banned: true, linkable: false, joined: true },
      { id: 'ines', role: 'user', banned: false, linkable: false, joined: true },
    ])
  })

  it('give every API key an end', async () => {
    const keys = await query(
      old.url,
      `SELECT id, permissions::jsonb -> 'reports' AS reports,
         expires_at BETWEEN now() + interval '364 days' AND now() + interval '367 days' AS year FROM api_key ORDER BY id`,
    )
    expect(keys).toEqual([
      { id: 'k1', reports: ['read', 'write'], year: true },
      { id: 'k2', reports: ['read', 'write'], year: false },
    ])
  })

  it('keep the reason of a pause: known sentences as codes, others as an operator’s note', async () => {
    const rows = await query(old.url, 'SELECT pause_reason FROM scheduled_report ORDER BY subject::int')
    expect(rows).toEqual(pauseNotes.map(([, pause_reason]) => ({ pause_reason })))
  })

  it('keep unsubscriptions from the notices, once per address and definition', async () => {
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

/** Applies the migrations before this time, given in the form of their names. */
async function migrateUntil(moment: string, url: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  const names = (await readdir(migrationsFolder)).filter((name) => name < moment)
  for (const name of [...names, 'migration_lock.toml'])
    await cp(join(migrationsFolder, name), join(folder, name), { recursive: true })
  await applyMigrations(url, folder)
  await rm(folder, { recursive: true })
}

/** Columns, constraints and indexes, as text; without checks, which schema.prisma cannot say. */
async function shapeOf(url: string): Promise<unknown[]> {
  return await query(
    url,
    `SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
     UNION ALL
     SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', ''
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'c' AND conrelid::regclass::text <> '_prisma_migrations'
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
