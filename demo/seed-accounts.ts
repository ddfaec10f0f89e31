/** `node demo/seed-accounts.ts`: creates the demo accounts in DATABASE_URL. Idempotent; never in production. */

import { createAuth } from '#api/auth/create-auth.ts'
import { createDemoAccounts } from './accounts.ts'
import { readEnvironment } from '#config/environment.ts'
import { createLogger } from '#config/logger.ts'
import { createPrisma } from '#prisma/client.ts'

const environment = readEnvironment()
const prisma = createPrisma(environment.DATABASE_URL)
try {
  await createDemoAccounts(
    prisma,
    createAuth(prisma, environment, createLogger('seed', environment.LOG_LEVEL)),
  )
} finally {
  await prisma.$disconnect()
}
