import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker'
import type { Environment } from '#config/environment.ts'
import { sealsFailures } from '#contract/sandbox-failures.ts'

export interface NamedBundle extends WorkflowBundle {
  /** Of the workflows' code alone: the same on every machine with the same release, with keys and without. */
  buildId: string
}

/** The workflows' code, prebuilt (WORKFLOW_BUNDLE) or bundled now; with PAYLOAD_KEYS it seals failures. */
export async function workflowBundle({
  WORKFLOW_BUNDLE: path,
  PAYLOAD_KEYS,
}: Pick<Environment, 'WORKFLOW_BUNDLE' | 'PAYLOAD_KEYS'>): Promise<NamedBundle> {
  const code = path ? await readFile(path, 'utf8') : await bundledApart()
  const buildId = createHash('sha256').update(code).digest('hex').slice(0, 12)
  return { ...(PAYLOAD_KEYS.length === 0 ? { code } : sealingBundle(code)), buildId }
}

/** Bundles the workflows for the worker's sandbox. Value-importing a Node module in workflow code fails here. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath: pathOf('../workflows/index.ts'),
    workflowInterceptorModules: [pathOf('../workflows/interceptors.ts')],
    failureConverterPath: pathOf('../contract/sandbox-failures.ts'),
    logger: new DefaultLogger('WARN'),
  })
}

/** In front of the first line, so that the source map's lines stay right. */
export function sealingBundle(code: string): WorkflowBundle {
  if (!code.includes(sealsFailures))
    throw new Error(
      'WORKFLOW_BUNDLE was made by an earlier version, which cannot seal failures: make it anew',
    )
  return { code: `globalThis.${sealsFailures} = true;${code}` }
}

/** In a process of its own: webpack would leave 150 MB and more behind in the worker. */
async function bundledApart(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rapporteur-workflows-'))
  try {
    const file = join(folder, 'workflows.js')
    await promisify(execFile)(process.execPath, [pathOf('build-workflows.ts'), file])
    return await readFile(file, 'utf8')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}
