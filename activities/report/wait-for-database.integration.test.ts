import { expect, it } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import { createTestDatabase } from '#test/servers/database.ts'
import type { ActivityContext } from '../activity-context.ts'
import { asFileFailure } from '../activity-failure.ts'
import { createActivities } from '../create-activities.ts'

it('an activity fails with database_unavailable, for the workflow to wait, when the database is unreachable', async () => {
  // Nothing listens on this port.
  const prisma = createPrisma('postgresql://nobody@127.0.0.1:1/nothing')
  const { storeReport } = createActivities({ prisma } as ActivityContext)
  const staged = { key: '', rowCount: 0, sizeBytes: 0, checksum: '', etag: '', generatedAt: '' }
  await expect(storeReport({ number: 1, staged })).rejects.toMatchObject({
    type: 'database_unavailable',
    nonRetryable: true,
  })
  await prisma.$disconnect()
})

it('asFileFailure leaves a database that is unreachable to the workflow, not one that refuses a query', async () => {
  const away = createPrisma('postgresql://nobody@127.0.0.1:1/nothing')
  expect(asFileFailure(await errorOf(away.report.count()), 'en')).toMatchObject({
    type: 'database_unavailable',
    nonRetryable: true,
  })
  await away.$disconnect()
  const database = await createTestDatabase()
  const prisma = createPrisma(database.url)
  expect(asFileFailure(await errorOf(prisma.$queryRaw`SELECT nonsense`), 'en')).toMatchObject({
    type: 'internal_error',
    nonRetryable: false,
  })
  await prisma.$disconnect()
  await database.drop()
})

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  )
}
