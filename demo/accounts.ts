/** Three people to try the product with. Their password is public: never in production. */

import type { PrismaClient } from '#prisma/client/client.ts'
import type { Role } from '#domain/schemas/me-schema.ts'
import { createAccount, setPassword } from '#api/auth/create-account.ts'
import type { Auth } from '#api/auth/create-auth.ts'

export const demoPassword = 'rapporteur'

interface DemoAccount {
  email: string
  name: string
  role: Role
  attributes: Readonly<Record<string, string>>
}

export const demoAccounts: readonly DemoAccount[] = [
  { email: 'admin@rapporteur.test', name: 'Camille Martin', role: 'admin', attributes: {} },
  // A province and a site of the demo data each: they see its schools and pupils, its tills and tickets alone.
  {
    email: 'awa@rapporteur.test',
    name: 'Awa Diallo',
    role: 'user',
    attributes: { province: 'Kasaï', site: 'Ressourcerie de la Guillotière' },
  },
  {
    email: 'leo@rapporteur.test',
    name: 'Léo Bernard',
    role: 'user',
    attributes: { province: 'Kwilu', site: 'Recyclerie de l’Île Verte' },
  },
]

/**
 * Creates the accounts that are missing; those that are there stay as they are, changes made to them included.
 * @throws Error when NODE_ENV is production.
 */
export async function createDemoAccounts(prisma: PrismaClient, auth: Auth): Promise<void> {
  if (process.env.NODE_ENV === 'production') {
    throw new Error('Demo accounts are never created when NODE_ENV=production')
  }
  for (const { email, name, role, attributes } of demoAccounts) {
    if (await prisma.user.findUnique({ where: { email } })) continue
    const id = await createAccount(prisma, { email, name, role, attributes })
    await setPassword(prisma, auth, id, demoPassword)
  }
}
