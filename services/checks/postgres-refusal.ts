/** Why a PostgreSQL did not let us in or answered no, and what helps, for the own database and the source alike. */

import { toSourceError } from '#adapters/source/source-error.ts'
import { readPostgresAddress } from '#config/postgres-address.ts'
import { wordsOf } from './finding.ts'

export interface PostgresPlace {
  /** `"rapporteur" at db.example.org:5432`. */
  where: string
  user: string
  database: string
}

export function placeOf(address: string): PostgresPlace {
  const { hosts, user, database } = readPostgresAddress(address)
  const at = hosts.map(({ host, port }) => `${host}:${port}`).join(', ')
  return { where: `"${database}" at ${at}`, user, database }
}

interface Refusal {
  kind: 'away' | 'sign_in' | 'missing' | 'refused'
  says: string
  remedy: string
}

/** @param variable names the address, such as DATABASE_URL. */
export function postgresRefusal(error: unknown, address: string, variable: string): Refusal {
  const { where, user, database } = placeOf(address)
  const failure = toSourceError(error)
  const { answer, cause } = failure
  if (answer === undefined) {
    return {
      kind: 'away',
      says: `${where} cannot be reached: ${wordsOf(cause ?? failure)}`,
      remedy: `Start PostgreSQL, or correct host and port in ${variable}; is a firewall in between?`,
    }
  }
  const said = `${where} answers ${answer.sqlState}: ${answer.message}`
  if (answer.sqlState.startsWith('28')) {
    return {
      kind: 'sign_in',
      says: said,
      remedy: `Correct user or password of ${variable} (role "${user}"); pg_hba.conf must let it in from here`,
    }
  }
  if (answer.sqlState === '3D000') {
    return {
      kind: 'missing',
      says: said,
      remedy: `CREATE DATABASE "${database}", or correct the database's name in ${variable}`,
    }
  }
  if (failure.isAway) return { kind: 'away', says: said, remedy: 'Wait until PostgreSQL takes connections' }
  return {
    kind: 'refused',
    says: said,
    remedy: `Give the role of ${variable} what it lacks: the server's log says more`,
  }
}
