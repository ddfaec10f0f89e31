/** `node prisma/seed.ts`: the demo accounts of DATABASE_URL. Harmless when they are there; never in production. */

import { readEnvironment } from '#config/environment.ts'
import { createPrisma } from '#prisma/client.ts'

const environment = readEnvironment()
if (environment.NODE_ENV === 'production')
  throw new Error('Demo accounts are never created when NODE_ENV=production')
const prisma = createPrisma(environment.DATABASE_URL)
await prisma.$disconnect()
