/** Every secret also from a file, `NAME_FILE`: what Docker and Kubernetes mount, so that no secret is in an environment. */

import { readFileSync } from 'node:fs'
import type { Fault } from './production-faults.ts'

type Given = Readonly<Record<string, string | undefined>>

/** Names of secrets, and of addresses, which hold a password. */
const secretName = /(_SECRET|_PASSWORD|_KEYS?|_KEY_ID|_TOKEN|_URL)$/

/**
 * The variables with those that files hold, without the newline at the end of a file.
 * @param names all variables of the configuration: only those whose name is a secret's may be in a file.
 */
export function withSecretFiles(given: Given, names: readonly string[]): { given: Given; faults: Fault[] } {
  const read: Record<string, string> = {}
  const faults: Fault[] = []
  for (const name of names) {
    const path = given[`${name}_FILE`]
    if (path === undefined || path === '' || !secretName.test(name)) continue
    if (given[name] !== undefined && given[name] !== '') {
      faults.push({ name, message: `is set, and so is ${name}_FILE: set one of them` })
      continue
    }
    try {
      read[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
      if (read[name] === '') faults.push({ name: `${name}_FILE`, message: `${path} is empty` })
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      faults.push({ name: `${name}_FILE`, message: `${path} cannot be read (${why})` })
    }
  }
  return { given: { ...given, ...read }, faults }
}
