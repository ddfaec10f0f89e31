import type { Localized } from '#domain/locale.ts'
import type { Prisma } from '#prisma/client/client.ts'

/** `{owner}` is the person's name. */
const note: Localized = {
  fr: 'Mis en pause\u00A0: le compte de {owner} est désactivé.',
  en: 'Paused: the account of {owner} is deactivated.',
}

/**
 * Disables every enabled definition whose owner's account is deactivated, with a note in the definition's language
 * that says so. Their Schedules are for the caller to apply, once what this wrote is committed.
 * @returns the ids of those it disabled; what was disabled before stays as it was, its own note too.
 */
export async function pauseOwnerless(
  prisma: Pick<Prisma.TransactionClient, '$queryRaw'>,
): Promise<{ ids: string[] }> {
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    UPDATE scheduled_report AS definition
    SET enabled = false,
      pause_note = replace(CASE definition.locale WHEN 'en' THEN ${note.en} ELSE ${note.fr} END, '{owner}', owner.name),
      version = definition.version + 1,
      updated_at = now()
    FROM "user" AS owner
    WHERE owner.id = definition.owner_id AND owner.banned AND definition.enabled
    RETURNING definition.id::text`
  return { ids: rows.map(({ id }) => id) }
}
