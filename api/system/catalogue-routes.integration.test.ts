import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'

let folder: string
let api: TestApi
let admin: Caller

const typeOf = (title: string) => `
  const label = { fr: '${title}', en: 'Loans' }
  export default ({ defineReport, sql }) => defineReport({
    key: 'loans', title: label, access: ['admin'], from: sql\`loans loan\`,
    columns: [{ key: 'number', label, type: 'text', sql: sql\`loan.number\`, default: true }],
    filters: [], orderBy: sql\`loan.id\`, uniqueKey: sql\`loan.id\`,
  })`
const save = (text: string) => writeFile(join(folder, 'loans.mjs'), text)
const reload = (language: string) =>
  admin.post('/v1/admin/report-types/reload', undefined, { 'accept-language': language })
const titles = async () => {
  const { body } = await admin.get('/v1/report-types')
  return (body as { items: { title: string }[] }).items.map(({ title }) => title)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-types-'))
  await save(typeOf('Prêts'))
  api = await createTestApi({ variables: { REPORTS_DIR: folder } })
  admin = await api.signIn('admin')
})
afterAll(async () => {
  await api?.close()
  await rm(folder, { recursive: true })
})

it('keeps the old types when a file is faulty, and says why in the person’s language', async () => {
  await save(typeOf('Emprunts').replace('filters', 'filtres'))
  const answer = await reload('fr')
  expect(answer).toMatchObject({
    status: 409,
    body: {
      code: 'report_types_faulty',
      title: 'Types de rapport non rechargés',
      detail: expect.stringMatching(
        /restent en service.*loans\.mjs[^]*filtres.*did you mean filters\?/,
      ) as string,
    },
  })
  await api.prisma.user.update({ where: { email: 'admin@rapporteur.test' }, data: { locale: 'en' } })
  expect((await reload('en')).body).toMatchObject({ title: 'Report types not reloaded' })
  expect(await api.prisma.catalogueInUse.count()).toBe(0)
  await api.prisma.user.update({ where: { email: 'admin@rapporteur.test' }, data: { locale: 'fr' } })
  expect(await titles()).toContain('Prêts')
})

it('closes a type whose access throws, and no other', async () => {
  const throwing = typeOf('Retours')
    .replace("'loans'", "'returns'")
    .replace("['admin']", '(viewer) => viewer.nothing.length > 0')
  await writeFile(join(folder, 'returns.mjs'), throwing)
  await save(typeOf('Prêts'))
  expect((await reload('fr')).status).toBe(200)
  expect(await titles()).toContain('Prêts')
  expect(await titles()).not.toContain('Retours')
  expect((await admin.get('/v1/report-types/returns')).status).toBe(404)
  await rm(join(folder, 'returns.mjs'))
})

it('uses changed files, asks the other processes for them, and is in the audit trail', async () => {
  await save(typeOf('Emprunts'))
  const { status, body } = await reload('fr')
  expect(status).toBe(200)
  expect(body).toMatchObject({ changed: true })
  expect(await titles()).toContain('Emprunts')
  const { version } = body as { version: string }
  expect(await api.prisma.catalogueInUse.findMany()).toMatchObject([{ version }])
  const events = await api.prisma.auditEvent.findMany({
    where: { kind: 'report_types_reloaded' },
    orderBy: { id: 'asc' },
  })
  expect(events.slice(-1)).toMatchObject([{ changes: [{ field: 'catalogue_version', to: version }] }])
  expect((await admin.get('/v1/admin/dashboard')).body).toMatchObject({ report_types: { version } })
  expect((await reload('fr')).body).toMatchObject({ changed: false })
})
