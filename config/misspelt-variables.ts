/** Variables that nobody reads, one letter or two from one that is: what they were to say would be ignored. */

import { nearMiss } from '#domain/text/near-miss.ts'
import type { Fault } from './production-faults.ts'

/** Read by `npm start`, the demo and the compose file alone. */
const ofOthers = `LOCAL_DIR LOCAL_POSTGRES_PORT LOCAL_TEMPORAL_PORT LOCAL_TEMPORAL_UI_PORT LOCAL_S3_PORT
  LOCAL_SMTP_PORT LOCAL_INBOX_PORT LOCAL_WORKERS DEMO_DATA_ROWS DEMO_DATABASE_URL DEMO_DATABASE_PASSWORD
  DEMO_READER_PASSWORD TEMPORAL_CLI_PATH VERSITYGW_PATH POSTGRES_PASSWORD NODE_OPTIONS`.split(/\s+/)

/** Shorter ones, and those of one word, are too near to names of other programs. */
const isTelling = /^(?=.{7})[A-Z0-9]+_[A-Z0-9_]+$/

/**
 * @param known the variables of the configuration.
 * @returns none for a variable whose neighbour is set: then it is probably another program's.
 */
export function misspeltVariables(
  given: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): Fault[] {
  const names = [...known, ...ofOthers]
  const isKnown = new Set(names.flatMap((name) => [name, `${name}_FILE`]))
  return Object.entries(given).flatMap(([name, value]) => {
    if (!value || isKnown.has(name) || !isTelling.test(name)) return []
    const meant = nearMiss(
      name.replace(/_FILE$/, ''),
      names.filter((one) => isTelling.test(one)),
    )
    // SMTP_URL_2 is somebody's own.
    if (meant === undefined || given[meant] || name.startsWith(meant)) return []
    return [{ name, message: `is no variable of Rapporteur: did you mean ${meant}?` }]
  })
}
