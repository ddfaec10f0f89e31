/**
 * The settings of `npm start`, from the environment: ports and folders of the embedded parts, and which parts are
 * external.
 */

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import {
  EnvironmentError,
  misspeltIn,
  readEnvironment,
  readVariables,
  type Environment,
} from '#config/environment.ts'
import { storageAccess } from './parts/storage-part.ts'
import { postgresReaderUrl, postgresUrl } from './parts/postgres-part.ts'
import type { PortUse } from './ports.ts'

export const projectFolder = fileURLToPath(new URL('..', import.meta.url))

const port = (fallback: number) =>
  z.coerce.number('must be a port number').int().min(1).max(65_535).default(fallback)

const settingsSchema = z.object({
  PORT: port(3000),
  LOCAL_DIR: z.string().default('.local'),
  LOCAL_POSTGRES_PORT: port(54_329),
  LOCAL_TEMPORAL_PORT: port(7233),
  LOCAL_TEMPORAL_UI_PORT: port(8233),
  LOCAL_S3_PORT: port(9000),
  LOCAL_SMTP_PORT: port(1025),
  LOCAL_INBOX_PORT: port(8025),
  LOCAL_WORKERS: z.coerce.number('must be a number').int().min(0).max(32).default(1),
  DEMO_DATA_ROWS: z.coerce.number('must be a number').int().min(1).optional(),
})

export interface LocalSettings {
  /** Absolute. */
  folder: string
  port: number
  postgresPort: number
  temporalPort: number
  temporalUiPort: number
  s3Port: number
  smtpPort: number
  inboxPort: number
  workers: number
  /** Undefined: the demo data's default. */
  demoDataRows: number | undefined
  /** Which parts run here; the others were named by their variables. */
  embedded: { postgres: boolean; demoData: boolean; temporal: boolean; storage: boolean; inbox: boolean }
  /** Every variable the API and the workers read, complete. */
  childEnvironment: NodeJS.ProcessEnv
  /** The same, parsed. */
  environment: Environment
}

/** Adds the variables of the file `.env`; those that are set already count more. */
export function loadVariablesFile(): void {
  const file = join(projectFolder, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

/** @throws EnvironmentError naming every variable that is wrong, of these and of the product's own. */
export function readLocalSettings(source: NodeJS.ProcessEnv): LocalSettings {
  const settings = localSettings(source)
  return { ...settings, environment: readEnvironment(settings.childEnvironment) }
}

/**
 * The same without reading the product's own variables.
 * @throws EnvironmentError naming those of `npm start` that are wrong.
 */
export function localSettings(source: NodeJS.ProcessEnv): Omit<LocalSettings, 'environment'> {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = settingsSchema.safeParse(given)
  const misspelt = misspeltIn(given).map(({ name, message }) => `  ${name}: ${message}`)
  if (!parsed.success || misspelt.length > 0) {
    const wrong = (parsed.error?.issues ?? []).map(
      (issue) => `  ${issue.path.join('.')}: ${issue.message} (it is "${given[String(issue.path[0])]}")`,
    )
    const lines = [...misspelt, ...wrong]
    throw new EnvironmentError(
      `The configuration is wrong:\n${lines.join('\n')}\n.env.example describes each variable.`,
    )
  }
  const settings = parsed.data
  // A part is elsewhere also when a file names it.
  const named = readVariables(source).given
  const embedded = {
    // One embedded server may still be wanted for the demo data, beside an external DATABASE_URL.
    postgres: named.DATABASE_URL === undefined || named.SOURCE_DATABASE_URL === undefined,
    demoData: named.SOURCE_DATABASE_URL === undefined,
    temporal: given.TEMPORAL_ADDRESS === undefined,
    // AWS itself needs no endpoint, so a bucket alone also names a storage elsewhere.
    storage: given.S3_ENDPOINT === undefined && given.S3_BUCKET === undefined,
    inbox: named.SMTP_URL === undefined,
  }
  const own = Object.entries(addressesOf(settings, embedded)).filter(([name]) => !given[`${name}_FILE`])
  const childEnvironment = { ...Object.fromEntries(own), ...given }
  return {
    folder: resolve(projectFolder, settings.LOCAL_DIR),
    port: settings.PORT,
    postgresPort: settings.LOCAL_POSTGRES_PORT,
    temporalPort: settings.LOCAL_TEMPORAL_PORT,
    temporalUiPort: settings.LOCAL_TEMPORAL_UI_PORT,
    s3Port: settings.LOCAL_S3_PORT,
    smtpPort: settings.LOCAL_SMTP_PORT,
    inboxPort: settings.LOCAL_INBOX_PORT,
    workers: settings.LOCAL_WORKERS,
    demoDataRows: settings.DEMO_DATA_ROWS,
    embedded,
    childEnvironment,
  }
}

/** The ports this start needs to be free, with the variable that sets each. */
export function portsNeeded({ embedded, ...settings }: LocalSettings): PortUse[] {
  return [
    { port: settings.port, variable: 'PORT', title: 'the web pages and the API' },
    ...(embedded.postgres
      ? [{ port: settings.postgresPort, variable: 'LOCAL_POSTGRES_PORT', title: 'PostgreSQL' }]
      : []),
    ...(embedded.temporal
      ? [
          { port: settings.temporalPort, variable: 'LOCAL_TEMPORAL_PORT', title: 'Temporal' },
          { port: settings.temporalUiPort, variable: 'LOCAL_TEMPORAL_UI_PORT', title: 'Temporal Web' },
        ]
      : []),
    ...(embedded.storage ? [{ port: settings.s3Port, variable: 'LOCAL_S3_PORT', title: 'the storage' }] : []),
    ...(embedded.inbox
      ? [
          { port: settings.smtpPort, variable: 'LOCAL_SMTP_PORT', title: 'the inbox (SMTP)' },
          { port: settings.inboxPort, variable: 'LOCAL_INBOX_PORT', title: "the inbox's page" },
        ]
      : []),
    ...metricsPorts(settings).map((port, index) => ({
      port,
      variable: 'METRICS_PORT',
      title: index === 0 ? 'the metrics of the API' : `the metrics of worker ${index}`,
    })),
  ]
}

/** One a process, since they share the machine: the API has METRICS_PORT, worker 1 the next, and so on. */
export function metricsPorts({
  environment: { METRICS_PORT: first },
  workers,
}: Pick<LocalSettings, 'environment' | 'workers'>): number[] {
  return first === undefined ? [] : Array.from({ length: workers + 1 }, (_, index) => first + index)
}

function addressesOf(
  settings: z.infer<typeof settingsSchema>,
  embedded: LocalSettings['embedded'],
): Record<string, string> {
  const storage = storageAccess(settings.LOCAL_S3_PORT)
  return {
    PORT: String(settings.PORT),
    DATABASE_URL: postgresUrl(settings.LOCAL_POSTGRES_PORT, 'rapporteur'),
    SOURCE_DATABASE_URL: postgresReaderUrl(settings.LOCAL_POSTGRES_PORT, 'demo'),
    ...(embedded.temporal && {
      TEMPORAL_ADDRESS: `127.0.0.1:${settings.LOCAL_TEMPORAL_PORT}`,
      TEMPORAL_WEB_URL: `http://localhost:${settings.LOCAL_TEMPORAL_UI_PORT}`,
    }),
    ...(embedded.storage && {
      S3_ENDPOINT: storage.endpoint,
      S3_BUCKET: 'rapporteur',
      S3_REGION: storage.region,
      S3_ACCESS_KEY_ID: storage.accessKeyId,
      S3_SECRET_ACCESS_KEY: storage.secretAccessKey,
    }),
    ...(embedded.inbox && { SMTP_URL: `smtp://127.0.0.1:${settings.LOCAL_SMTP_PORT}` }),
  }
}
