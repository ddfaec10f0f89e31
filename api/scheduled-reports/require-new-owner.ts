/** Who may become the owner of a scheduled report. */

import type { Localized } from '#domain/locale.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'
import { invalid } from '../http/api-problem.ts'
import { personFrom } from '../auth/require-person.ts'
import { usableType } from './complete-definition.ts'

interface Rules {
  prisma: PrismaClient
  catalogue: Catalogue
}

/**
 * The report runs as this person from now on, so they must be able to open it and see its data.
 * @param type null when only the person is asked about.
 * @throws ApiProblem 422 with the reason on `user_id`.
 */
export async function requireNewOwner(
  userId: string,
  type: string | null,
  { prisma, catalogue }: Rules,
): Promise<void> {
  const user = await prisma.user.findUnique({ where: { id: userId } })
  if (!user) throw refused({ fr: 'Cette personne n’a pas de compte.', en: 'This person has no account.' })
  const { name } = user
  if (user.banned) {
    throw refused({
      fr: `Le compte de ${name} est désactivé.`,
      en: `The account of ${name} is deactivated.`,
    })
  }
  const person = personFrom(user)
  if (person.role !== 'admin') {
    throw refused({
      fr: `Un rapport programmé appartient à un administrateur, et ${name} n’en est pas un.`,
      en: `A scheduled report belongs to an administrator, and ${name} is not one.`,
    })
  }
  if (type !== null && !usableType(type, person, catalogue)) {
    throw refused({
      fr: `${name} n’a pas accès au type de rapport « ${type} », ou il n’existe plus.`,
      en: `${name} has no access to the report type "${type}", or it no longer exists.`,
    })
  }
}

function refused(message: Localized) {
  return invalid([{ path: 'user_id', message }])
}
