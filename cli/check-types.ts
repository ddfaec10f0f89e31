/** `rapporteur types check`: whether the source understands each report type, part by part. */

import { createSource } from '#adapters/source/source.ts'
import { SourceError } from '#adapters/source/source-error.ts'
import { installedCatalogue } from '#catalogue/load-catalogue.ts'
import { EnvironmentError, readVariables } from '#config/environment.ts'
import { postgresRefusal } from '#services/checks/postgres-refusal.ts'
import { tryType, type TypeFault } from '#services/checks/try-type.ts'
import type { Answer } from './answer.ts'
import { CommandError, exitCodes, UsageError } from './command-error.ts'

const statementTimeoutMs = 20_000

/**
 * Only SOURCE_DATABASE_URL must be set: a CI has no more than a database like the source, and the types.
 * @param keys of the types to look at; all when empty.
 */
export async function checkTypes(variables: NodeJS.ProcessEnv, keys: readonly string[]): Promise<Answer> {
  const { given, faults } = readVariables(variables)
  const fault = faults.find(({ name }) => name.startsWith('SOURCE_DATABASE_'))
  const { SOURCE_DATABASE_URL: address, REPORTS_DIR, DEMO_REPORT_TYPES = 'true' } = given
  if (fault || !address) {
    throw new EnvironmentError(`SOURCE_DATABASE_URL: ${fault?.message ?? 'is required and not set'}`)
  }
  const isDemo = ['true', '1'].includes(DEMO_REPORT_TYPES)
  const catalogue = await installedCatalogue({ REPORTS_DIR, DEMO_REPORT_TYPES: isDemo })
  const unknown = keys.filter((key) => catalogue.get(key) === undefined)
  if (unknown.length > 0) throw new UsageError(`No report type has the key ${unknown.join(', ')}`)
  const types = catalogue
    .all()
    .filter(({ key, reads = 'source' }) => reads === 'source' && (keys.length === 0 || keys.includes(key)))
  const source = createSource({ connectionString: address, statementTimeoutMs, maxConnections: 1 })
  try {
    const checked: { type: string; faults: TypeFault[] }[] = []
    for (const type of types) checked.push({ type: type.key, faults: await tryType(source, type) })
    return answerOf(checked)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    const { says, remedy } = postgresRefusal(error, address, 'SOURCE_DATABASE_URL')
    throw new CommandError(`${says}\n→ ${remedy}`)
  } finally {
    await source.close()
  }
}

function answerOf(checked: { type: string; faults: TypeFault[] }[]): Answer {
  const faulty = checked.filter(({ faults }) => faults.length > 0)
  const lines = checked.flatMap(({ type, faults }) =>
    faults.length === 0
      ? [`ok     ${type}`]
      : faults.map(({ part, key, says }) => {
          const what = key === null ? part : `${part} "${key}"`
          return `FAULT  ${type}: ${what}: ${says}`
        }),
  )
  const end =
    faulty.length === 0
      ? `${checked.length} types, no fault.`
      : `${faulty.length} of ${checked.length} types are at fault.`
  return {
    json: { types: checked },
    text: [...lines, '', end].join('\n'),
    exitCode: faulty.length === 0 ? exitCodes.ok : exitCodes.wrong,
  }
}
