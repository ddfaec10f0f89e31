/** Starts the whole product as a person does, by `npm start`, on free ports and in a folder of its own. */

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { postgresUrl } from '#local/parts/postgres-part.ts'
import { storageAccess, type StorageAccess } from '#local/parts/storage-part.ts'
import { freePort } from '#local/ports.ts'
import { processIdentity } from '#local/run-files.ts'
import { projectFolder } from '#local/settings.ts'

export interface ProductOptions {
  /** An earlier start's folder, to start on its data; a new one unless given, which `dispose` removes. */
  folder?: string
  ports?: ProductPorts
  /** Further variables, such as DEMO_DATA_ROWS. */
  env?: Record<string, string>
  readyWithinMs?: number
}

export interface ProductPorts {
  PORT: number
  LOCAL_POSTGRES_PORT: number
  LOCAL_TEMPORAL_PORT: number
  LOCAL_TEMPORAL_UI_PORT: number
  LOCAL_S3_PORT: number
  LOCAL_SMTP_PORT: number
  LOCAL_INBOX_PORT: number
}

export interface Product {
  /** `http://localhost:PORT`. */
  url: string
  /** Base of the inbox's REST API: `GET {inboxUrl}/email`. */
  inboxUrl: string
  temporalAddress: string
  databaseUrl: string
  sourceUrl: string
  storage: StorageAccess & { bucket: string }
  folder: string
  ports: ProductPorts
  /** From `npm start` to its ready line. */
  readyAfterMs: number
  /** What it has printed so far. */
  output(): string
  /** The process of a part now: `api`, `worker-1`, `temporal`, … */
  pidOf(part: string): Promise<number>
  /** SIGTERM to npm, as `kill` does; resolves with npm's exit code when it has gone. */
  stop(): Promise<number | null>
  /** `stop`, and the folder too. */
  dispose(): Promise<void>
}

const readyLine = /^Rapporteur is ready: (http:\/\/\S+)$/m

/** @throws Error with all it printed when it ends, or is not ready in time. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'rapporteur-product-')))
  const ports = options.ports ?? (await freePorts())
  const started = Date.now()
  const child = spawn('npm', ['start', '--silent'], {
    cwd: projectFolder,
    env: { ...inheritedEnvironment(), ...portVariables(ports), LOCAL_DIR: folder, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  let code: number | null | undefined
  const exited = new Promise<number | null>((resolve) =>
    child.once('close', (exitCode) => resolve((code = exitCode))),
  )

  const deadline = started + (options.readyWithinMs ?? 300_000)
  try {
    while (!readyLine.test(output)) {
      if (code !== undefined) throw new Error(`npm start ended with ${code}:\n${output}`)
      if (Date.now() > deadline) throw new Error(`npm start was not ready in time:\n${output}`)
      await delay(50)
    }
  } catch (error) {
    child.kill('SIGTERM')
    await exited
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    throw error
  }
  const readyAfterMs = Date.now() - started
  const stop = async () => {
    if (code === undefined) child.kill('SIGTERM')
    return await exited
  }
  return {
    url: readyLine.exec(output)?.[1] ?? '',
    inboxUrl: `http://127.0.0.1:${ports.LOCAL_INBOX_PORT}/api`,
    temporalAddress: `127.0.0.1:${ports.LOCAL_TEMPORAL_PORT}`,
    databaseUrl: postgresUrl(ports.LOCAL_POSTGRES_PORT, 'rapporteur'),
    sourceUrl: postgresUrl(ports.LOCAL_POSTGRES_PORT, 'demo'),
    storage: { ...storageAccess(ports.LOCAL_S3_PORT), bucket: 'rapporteur' },
    folder,
    ports,
    readyAfterMs,
    output: () => output,
    pidOf: async (part) => Number(await readFile(join(folder, 'run', `${part}.pid`), 'utf8')),
    stop,
    dispose: async () => {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Whether a process of this number lives. */
export function isAlive(pid: number): boolean {
  return processIdentity(pid) !== null
}

export async function freePorts(): Promise<ProductPorts> {
  return {
    PORT: await freePort(),
    LOCAL_POSTGRES_PORT: await freePort(),
    LOCAL_TEMPORAL_PORT: await freePort(),
    LOCAL_TEMPORAL_UI_PORT: await freePort(),
    LOCAL_S3_PORT: await freePort(),
    LOCAL_SMTP_PORT: await freePort(),
    LOCAL_INBOX_PORT: await freePort(),
  }
}

function portVariables(ports: ProductPorts): Record<string, string> {
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]))
}

/** Without what the test runner adds for its own processes. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const runners = /^(VITEST|NODE_ENV$|NODE_OPTIONS$|LOG_LEVEL$|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$|npm_)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !runners.test(name)))
}
