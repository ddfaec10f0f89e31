/**
 * `node activities/build-workflows.ts FILE [--if-changed]`: writes the workflows' code for WORKFLOW_BUNDLE, so that no
 * worker bundles it at its start. `--if-changed`: only when its sources are not those of the last time.
 */

import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { BuildStamp } from '#config/build-stamp.ts'
import { bundleWorkflows } from './workflow-bundle.ts'

const [path, ...options] = process.argv.slice(2)
if (path === undefined) {
  console.error('Usage: node activities/build-workflows.ts FILE [--if-changed]')
  process.exit(64)
}
const file = resolve(path)
const stamp = await BuildStamp.of(`${file}.built-from`, [
  'activities/workflow-bundle.ts',
  '{workflows,contract,domain}/**/*.ts',
  'package-lock.json',
])
if (!(options.includes('--if-changed') && stamp.isCurrent)) {
  const { code } = await bundleWorkflows()
  await mkdir(dirname(file), { recursive: true })
  // Whoever reads it meanwhile, reads the earlier one whole.
  await writeFile(`${file}.new`, code)
  await rename(`${file}.new`, file)
  await stamp.write()
}
