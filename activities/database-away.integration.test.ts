import { expect, it } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import type { ActivityContext } from './activity-context.ts'
import { createActivities } from './create-activities.ts'

it('an activity that finds its database away says so, and is tried again', async () => {
  // Nothing listens there.
  const prisma = createPrisma('postgresql://nobody@127.0.0.1:1/nothing')
  const { storeReport } = createActivities({ prisma } as ActivityContext)
  const staged = { key: '', rowCount: 0, sizeBytes: 0, checksum: '', etag: '', generatedAt: '' }
  await expect(storeReport({ number: 1, staged })).rejects.toMatchObject({
    type: 'database_unavailable',
    nonRetryable: false,
  })
  await prisma.$disconnect()
})
