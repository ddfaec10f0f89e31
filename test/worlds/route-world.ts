/** Every kind of caller that a route may meet, and things of their own to ask for: made anew for each request. */

import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { createStorage } from '#adapters/storage/storage.ts'
import { demoPassword } from '#demo/accounts.ts'
import { reportRow } from './report-row.ts'
import { scheduledReportRow } from './scheduled-report-row.ts'
import { createAccount, setPassword } from '#api/auth/create-account.ts'
import { keyScopes, type KeyScope } from '#domain/schemas/api-key-schema.ts'
import { createTestApi, type TestApi } from './test-api.ts'

export const whos = [
  'nobody',
  'expiredSession',
  'deletedKey',
  'deactivated',
  /** The owner of what is asked for. */
  'user',
  'otherUser',
  'admin',
] as const
export type Who = (typeof whos)[number]

export interface RouteWorld {
  api: TestApi
  /** The headers of each. */
  identities: Readonly<Record<Who, Record<string, string>>>
  /** The headers of an administrator's key with these scopes. */
  keyWith(scopes: readonly KeyScope[]): Promise<Record<string, string>>
  /** N° of a report of `user`, in this state. */
  report(state: 'queued' | 'failed' | 'stored'): Promise<number>
  /** Id of a definition of the administrator. */
  definition(): Promise<string>
  /** Id of an account that nobody here signs in with. */
  person(role?: 'user' | 'admin'): Promise<string>
  close(): Promise<void>
}

export async function createRouteWorld(): Promise<RouteWorld> {
  const api = await createTestApi()
  const { prisma } = api
  const storage = createStorage(api.environment)
  const idOf = async (name: string) =>
    (await prisma.user.findUniqueOrThrow({ where: { email: `${name}@rapporteur.test` } })).id
  const person = async (role: 'user' | 'admin' = 'user', name: string = randomUUID()) => {
    const email = `${name}@rapporteur.test`
    const id = await createAccount(prisma, { email, name: 'Inès Durand', role })
    await setPassword(prisma, api.deps.auth, id, demoPassword)
    return id
  }
  const [userId, adminId] = [await idOf('leo'), await idOf('admin')]
  const identity = async (name: string) => (await api.signIn(name)).identity

  // As administrators, so that nothing but their state keeps them out.
  const expired = await identity('admin')
  await prisma.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } })
  const admin = await api.signIn('admin')
  const made = await admin.post('/v1/me/api-keys', { name: 'deleted', scopes: [...keyScopes] })
  const { id, key } = made.body as { id: string; key: string }
  await prisma.apikey.delete({ where: { id } })
  const gone = await person('admin', 'gone')
  const deactivated = await identity('gone')
  // The session stays: the routes look at the account itself.
  await prisma.user.update({ where: { id: gone }, data: { banned: true } })

  return {
    api,
    identities: {
      nobody: {},
      expiredSession: expired,
      deletedKey: { 'x-api-key': key },
      deactivated,
      user: await identity('leo'),
      otherUser: await identity('awa'),
      admin: admin.identity,
    },
    keyWith: async (scopes) => {
      await prisma.apikey.deleteMany({ where: { referenceId: adminId } })
      const answer = await admin.post('/v1/me/api-keys', { name: 'scoped', scopes })
      return { 'x-api-key': (answer.body as { key: string }).key }
    },
    report: async (state) => {
      if (state === 'queued') {
        const leo = await api.signIn('leo')
        const asked = await leo.post('/v1/reports', { type: 'pupils', format: 'csv' })
        return (asked.body as { number: number }).number
      }
      const objectKey = `reports/2026/11/${randomUUID()}.csv`
      await storage.upload(objectKey, Readable.from([Buffer.from('a')]), { contentType: 'text/csv' })
      const file = { objectKey, fileName: 'a.csv', sizeBytes: 1, rowCount: 1, fileAvailableAt: new Date() }
      const row = reportRow(userId, state === 'failed' ? { status: 'failed' } : file)
      return (await prisma.report.create({ data: row })).number
    },
    definition: async () => (await prisma.scheduledReport.create({ data: scheduledReportRow(adminId) })).id,
    person,
    close: async () => {
      storage.close()
      await api.close()
    },
  }
}
