/**
 * `npm test`: every test, or those whose files match the arguments. `--changed` runs those that import what changed
 * since main, `--changed REF` since that.
 */

import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFolder } from '#local/settings.ts'

process.chdir(projectFolder)
// Hundreds of processes of the product start during a run: with their code compiled before, each costs a third less.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache')

const given = process.argv.slice(2)
const changed = given.indexOf('--changed')
if (changed !== -1) {
  const isBare = given[changed + 1]?.startsWith('-') ?? true
  given.splice(
    changed,
    isBare ? 1 : 2,
    `--changed=${isBare ? main() : given[changed + 1]}`,
    '--passWithNoTests',
  )
}
process.argv = [process.execPath, 'vitest', 'run', ...given]
await import(join(projectFolder, 'node_modules/vitest/vitest.mjs'))

/** The remote's branch as it was last fetched, else the local one. */
function main(): string {
  const remote = 'origin/main'
  return spawnSync('git', ['rev-parse', '--verify', '--quiet', remote]).status === 0 ? remote : 'main'
}
