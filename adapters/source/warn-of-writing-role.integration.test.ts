import { Writable } from 'node:stream'
import { pino } from 'pino'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmptyDatabase, demoDatabaseUrl, type TestDatabase } from '#test/servers/database.ts'
import { createSource } from './source.ts'
import { warnOfWritingRole } from './warn-of-writing-role.ts'

const password = 'for-this-test'
let database: TestDatabase
let owner: Client
beforeAll(async () => {
  database = await createEmptyDatabase()
  owner = new Client({ connectionString: database.url })
  await owner.connect()
  await owner.query(`
    create table public.orders (id int); create table public.lines (id int); create table public.clients (name text);
    revoke create on schema public from public`)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

async function warningsAs(user: string | undefined): Promise<string[]> {
  const url = new URL(database.url)
  if (user) Object.assign(url, { username: user, password })
  return warningsAt(url.href)
}

async function warningsAt(connectionString: string): Promise<string[]> {
  const lines: string[] = []
  const logger = pino(new Writable({ write: (line, _encoding, done) => (lines.push(String(line)), done()) }))
  const source = createSource({ connectionString, statementTimeoutMs: 5_000 })
  await warnOfWritingRole(source, logger)
  await source.close()
  return lines
    .map((line) => JSON.parse(line) as { level: number; msg: string })
    .map(({ level, msg }) => {
      expect(level).toBe(40)
      expect(msg).toContain('docs/report-types.md')
      return msg
    })
}

async function withRole(name: string, rights: string, use: () => Promise<void>): Promise<void> {
  await owner.query(`create role ${name} login password '${password}'; ${rights}`)
  try {
    await use()
  } finally {
    await owner.query(`drop owned by ${name}; drop role ${name}`)
  }
}

it('warns of a superuser', async () => {
  expect(await warningsAs(undefined)).toEqual([expect.stringContaining('"rapporteur" is a superuser')])
})

it('names what a role may write', async () => {
  await withRole(
    'source_test_writer',
    `grant select, insert on orders to source_test_writer; grant update (name) on clients to source_test_writer;
     grant create on schema public to source_test_writer`,
    async () => {
      expect(await warningsAs('source_test_writer')).toEqual([
        expect.stringContaining('"source_test_writer" may write to public.clients, public.orders.'),
        expect.stringContaining('may create tables in the schema public.'),
      ])
    },
  )
})

it('names rights over the server', async () => {
  await withRole(
    'source_test_programs',
    'grant pg_execute_server_program to source_test_programs',
    async () => {
      expect(await warningsAs('source_test_programs')).toEqual([
        expect.stringContaining('is a member of pg_execute_server_program'),
      ])
    },
  )
})

it('says nothing of a reader, such as the demo’s', async () => {
  await withRole('source_test_silent', 'grant select on orders to source_test_silent', async () => {
    expect(await warningsAs('source_test_silent')).toEqual([])
  })
  expect(await warningsAt(await demoDatabaseUrl())).toEqual([])
})
