/**
 * `node activities/build-workflows.ts FILE [--traced] [--if-changed]`: writes the workflows' code for WORKFLOW_BUNDLE, so
 * that no worker bundles it at its start. `--traced`: also `FILE.traced`, for workers with traces. `--if-changed`: only
 * when its sources are not those of the last time.
 */

import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { WorkflowBundle } from '@temporalio/worker'
import { BuildStamp } from '#config/build-stamp.ts'
import { bundleWorkflows, tracedFile } from './workflow-bundle.ts'

const [path, ...options] = process.argv.slice(2)
if (path === undefined) {
  console.error('Usage: node activities/build-workflows.ts FILE [--traced] [--if-changed]')
  process.exit(64)
}
const file = resolve(path)
const stamp = await BuildStamp.of(`${file}.built-from`, [
  'activities/workflow-bundle.ts',
  '{workflows,contract,domain}/**/*.ts',
  'package-lock.json',
])
const wantsTraced = options.includes('--traced')
const isThere = stamp.isCurrent && (!wantsTraced || existsSync(tracedFile(file)))
if (!(options.includes('--if-changed') && isThere)) {
  await mkdir(dirname(file), { recursive: true })
  // Never beside a bundle of other sources.
  await rm(tracedFile(file), { force: true })
  await write(file, await bundleWorkflows())
  if (wantsTraced) await write(tracedFile(file), await bundleWorkflows({ isTraced: true }))
  await stamp.write()
}

async function write(target: string, { code }: WorkflowBundle): Promise<void> {
  // Whoever reads it meanwhile, reads the earlier one whole.
  await writeFile(`${target}.new`, code)
  await rename(`${target}.new`, target)
}
