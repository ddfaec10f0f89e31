/**
 * Removes from node_modules, after `npm prune --omit=dev --omit=optional`, what no command of the image reads: more
 * than half of what npm leaves. Run in the folder that holds it; docker/image.integration.test.ts starts what is left.
 */

import { globSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'

const packages = resolve('node_modules')
const require = createRequire(join(packages, 'of-the-image.js'))
const bridge = join(packages, '@temporalio', 'core-bridge')
const { getPrebuiltTargetName } = require(join(bridge, 'common.js')) as {
  getPrebuiltTargetName: () => string
}

/** Paths below node_modules: what to remove, and of it what to keep. */
const unread: { remove: string; keep?: (path: string) => boolean }[] = [
  // Temporal's core for other systems: 110 MB.
  {
    remove: '@temporalio/core-bridge/releases/*',
    keep: (path) => basename(path) === getPrebuiltTargetName(),
  },
  // Prisma's compilers of queries for other databases, and the larger one of PostgreSQL: 65 MB.
  {
    remove: '@prisma/client/runtime/query_compiler_*',
    keep: (path) => basename(path).startsWith('query_compiler_small_bg.postgresql.'),
  },
  // What these two have for browsers.
  { remove: 'exceljs/dist' },
  { remove: '@prisma/client/runtime/*edge*' },
  // For debuggers and compilers: 100 MB.
  { remove: '**/*.map' },
  { remove: '**/*.d.{ts,mts,cts}' },
]

for (const { remove, keep } of unread) {
  const found = globSync(remove, { cwd: packages }).map((path) => join(packages, path))
  if (found.length === 0) throw new Error(`${remove}: no package has it any more`)
  for (const path of found) {
    if (keep?.(path)) continue
    rmSync(path, { recursive: true })
  }
}
