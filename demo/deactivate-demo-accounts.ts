/** `npm run deactivate-demo-accounts`: closes the demo accounts of DATABASE_URL, as production wants it. Idempotent. */

import { deactivatePerson } from '#api/people/deactivate-person.ts'
import { isDemoAccount } from '#config/demo-values.ts'
import { EnvironmentError, readEnvironment } from '#config/environment.ts'
import { createPrisma } from '#prisma/client.ts'

async function main(): Promise<void> {
  const prisma = createPrisma(readEnvironment().DATABASE_URL)
  try {
    const accounts = await prisma.user.findMany({ where: isDemoAccount, orderBy: { email: 'asc' } })
    const others = await prisma.user.count({ where: { role: 'admin', banned: false, NOT: isDemoAccount } })
    if (accounts.some(({ banned }) => !banned) && others === 0) {
      throw new EnvironmentError(
        'No other administrator is active: make one of your own first, by npm run create-admin -- EMAIL.',
      )
    }
    for (const { id, email } of accounts) {
      // The command is nobody's own account. The reconciler applies the Schedules of what is paused with it.
      await deactivatePerson(prisma, id, {
        id: null,
        name: 'npm run deactivate-demo-accounts',
        via: 'command',
      })
      // Reactivated, the account would open by the public password.
      await prisma.account.deleteMany({ where: { userId: id } })
      console.log(`${email} is deactivated; its password and its API keys are deleted.`)
    }
    if (accounts.length === 0) console.log('There is no demo account.')
  } finally {
    await prisma.$disconnect()
  }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof EnvironmentError ? error.message : error)
  process.exit(1)
}
