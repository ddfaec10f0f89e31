/** The database that reports are read from: reached, as whom, what the role may write, and whether it knows each type. */

import { explainType } from '#adapters/source/explain-types.ts'
import { createSource, type Source } from '#adapters/source/source.ts'
import { SourceError } from '#adapters/source/source-error.ts'
import { writingRights } from '#adapters/source/warn-of-writing-role.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'
import { sql } from '#catalogue/sql.ts'
import type { Environment } from '#config/environment.ts'
import { findingsOf, wordsOf, type Finding } from './finding.ts'
import { placeOf, postgresRefusal } from './postgres-refusal.ts'

const statementTimeoutMs = 10_000
const { ok, warning, fault } = findingsOf('source')

/** @param catalogue null where it cannot be loaded. */
export async function checkSource(
  { SOURCE_DATABASE_URL: connectionString }: Pick<Environment, 'SOURCE_DATABASE_URL'>,
  catalogue: Catalogue | null,
): Promise<Finding[]> {
  const source = createSource({ connectionString, statementTimeoutMs, maxConnections: 2 })
  try {
    const { rows } = await source.rows(
      sql`select current_user, split_part(current_setting('server_version'), ' ', 1)`,
    )
    const [role, version] = rows[0] ?? []
    const reached = ok(`${placeOf(connectionString).where}, as "${role}", PostgreSQL ${version}`)
    const rights = (await writingRights(source)).map((says) => {
      const [said = '', advice = ''] = says.split(/(?<=\.) (?=Give )/)
      return warning('source_role_writes', said, advice)
    })
    return [reached, ...rights, ...(await refusedTypes(source, catalogue))]
  } catch (error) {
    const { kind, says, remedy } = postgresRefusal(error, connectionString, 'SOURCE_DATABASE_URL')
    return [fault(`source_${kind}`, says, remedy)]
  } finally {
    await source.close()
  }
}

async function refusedTypes(source: Source, catalogue: Catalogue | null): Promise<Finding[]> {
  const found: Finding[] = []
  for (const type of (catalogue?.all() ?? []).filter(({ reads = 'source' }) => reads === 'source')) {
    try {
      await explainType(source, type)
    } catch (error) {
      if (!(error instanceof SourceError) || error.kind === 'unavailable') throw error
      const remedy =
        'Correct its SQL, or give the role SELECT; `rapporteur types check` names the column or filter'
      found.push(fault('type_refused', `The report type "${type.key}": ${wordsOf(error)}`, remedy))
    }
  }
  return found
}
