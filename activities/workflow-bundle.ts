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

type BundleSettings = Pick<Environment, 'WORKFLOW_BUNDLE' | 'PAYLOAD_KEYS' | 'OTEL_EXPORTER_OTLP_ENDPOINT'>

/** Of Temporal's package, which exports it to its own plugin alone. */
const traceInterceptors = '@temporalio/interceptors-opentelemetry-v2/lib/workflow-interceptors.js'

/** The workflows' code, prebuilt (WORKFLOW_BUNDLE) or bundled now; with PAYLOAD_KEYS it seals failures. */
export async function workflowBundle({
  WORKFLOW_BUNDLE: path,
  PAYLOAD_KEYS,
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
}: BundleSettings): Promise<NamedBundle> {
  const isTraced = endpoint !== undefined
  const { plain, traced } = path ? await readBundles(path, isTraced) : await bundledApart(isTraced)
  const code = isTraced ? (traced ?? (await bundledApart(isTraced)).traced ?? plain) : plain
  // With traces and without, the same histories replay.
  const buildId = createHash('sha256').update(plain).digest('hex').slice(0, 12)
  return { ...(PAYLOAD_KEYS.length === 0 ? { code } : sealingBundle(code)), buildId }
}

/** The file beside a bundle that holds the same with the interceptors of traces, a megabyte that others do without. */
export function tracedFile(path: string): string {
  return `${path}.traced`
}

interface Bundles {
  plain: string
  /** Null where it is not asked for, or whoever built the bundle wrote none. */
  traced: string | null
}

async function readBundles(path: string, isTraced: boolean): Promise<Bundles> {
  const plain = await readFile(path, 'utf8')
  if (!isTraced) return { plain, traced: null }
  const traced = await readFile(tracedFile(path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return { plain, traced }
}

/** Bundles the workflows for the worker's sandbox. Value-importing a Node module in workflow code fails here. */
export function bundleWorkflows({ isTraced = false } = {}): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath: pathOf('../workflows/index.ts'),
    workflowInterceptorModules: [
      pathOf('../workflows/interceptors.ts'),
      ...(isTraced ? [traceInterceptors] : []),
    ],
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
async function bundledApart(isTraced: boolean): Promise<Bundles> {
  const folder = await mkdtemp(join(tmpdir(), 'rapporteur-workflows-'))
  try {
    const file = join(folder, 'workflows.js')
    await promisify(execFile)(process.execPath, [
      pathOf('build-workflows.ts'),
      file,
      ...(isTraced ? ['--traced'] : []),
    ])
    return await readBundles(file, isTraced)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}
