/** `npm run create-admin -- EMAIL`: creates an administrator, or makes an existing account one. */

import { randomBytes } from 'node:crypto'
import { readEnvironment } from '#config/environment.ts'
import { StartError } from '#domain/start-error.ts'
import { createLogger } from '#config/logger.ts'
import { isEmailAddress } from '#domain/schemas/recipients.ts'
import { createPrisma } from '#prisma/client.ts'
import { createAccount, setPassword } from './create-account.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { changePerson } from '../people/change-person.ts'
import { createAuth } from './create-auth.ts'

const operator = { id: null, name: 'npm run create-admin', via: 'command' } as const

async function main(given: string | undefined): Promise<void> {
  const email = given?.trim().toLowerCase() ?? ''
  if (!isEmailAddress(email)) throw new UsageError('Usage: npm run create-admin -- EMAIL')
  const environment = readEnvironment()
  const prisma = createPrisma(environment.DATABASE_URL)
  try {
    const existing = await prisma.user.findUnique({ where: { email } })
    if (existing) {
      await changePerson(prisma, existing.id, { role: 'admin' }, operator)
      console.log(`${email} has an account already; it is an administrator's now. The password stays.`)
      return
    }
    const auth = createAuth(prisma, environment, createLogger('create-admin', 'warn'))
    const password = randomBytes(15).toString('base64url')
    const id = await createAccount(prisma, { email, role: 'admin' })
    await setPassword(prisma, auth, id, password)
    const subject = { type: 'person', id, name: email } as const
    await recordEvent(prisma, operator, { kind: 'person_invited', subject, details: { role: 'admin' } })
    console.log(`Administrator ${email} created.\nPassword, shown this once: ${password}`)
  } finally {
    await prisma.$disconnect()
  }
}

class UsageError extends Error {}

try {
  await main(process.argv[2])
} catch (error) {
  const plain = error instanceof UsageError || error instanceof StartError
  console.error(plain ? error.message : error)
  process.exit(1)
}
