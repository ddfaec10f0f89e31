import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A server that the distribution ships. @throws Error that says what to install. */
export function installedProgram(name: string): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  if (!found) throw new Error(`This test needs ${name}: install the package ${name}.`)
  return found
}
