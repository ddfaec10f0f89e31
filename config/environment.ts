/**
 * Configuration by environment, parsed once. A wrong or missing variable ends the start with its name;
 * `.env.example` documents each.
 */

import { z } from 'zod'
import { maxFileMegabytes, maxOutagePatienceMinutes, maxReportTimeLimitMinutes } from '#contract/limits.ts'
import { StartError } from '#domain/start-error.ts'
import { csvVariables } from './csv-variables.ts'
import { domains } from './list-variables.ts'
import { misspeltVariables } from './misspelt-variables.ts'
import { oidcVariables } from './oidc-variables.ts'
import { payloadKeys } from './payload-keys.ts'
import { demoSecrets } from './demo-values.ts'
import { productionFaults, type Fault } from './production-faults.ts'
import { publicUrl } from './public-url.ts'
import { PostgresAddressError, readPostgresAddress, withPassword } from './postgres-address.ts'
import { hasUnencodedMark, howToEncode } from './unencoded-mark.ts'
import { withSecretFiles } from './secret-files.ts'
import { smtpOauthFaults, smtpOauthVariables } from './smtp-oauth-variables.ts'
import { smtpVariables } from './smtp-variables.ts'
import { storageFaults, storageVariables } from './storage-variables.ts'

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback)
const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback)
const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((text) => text === 'true' || text === '1')
const secret = (name: keyof typeof demoSecrets) =>
  z.string().min(32, 'at least 32 characters').default(demoSecrets[name])
/** Comma-separated. */
const previousSecrets = z
  .string()
  .default('')
  .transform((text) => text.split(',').filter((one) => one !== ''))
  .pipe(z.array(z.string().min(32, 'at least 32 characters each')))
const waits = 'whole seconds from 1 to 86400, twenty at most, separated by commas, such as 60,300'
/** Comma-separated. */
const seconds = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.int(waits).min(1, waits).max(86_400, waits)).max(20, waits))
/** An address, also after a name: `Reports <reports@example.org>`. */
const mailAddress = z
  .string()
  .regex(
    /^(?:[^<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
    'is no address: Reports <reports@example.org>',
  )
const smtpAddress = z.string().superRefine((text, context) => {
  const isSmtp = /^smtps?:\/\//.test(text) && URL.canParse(text)
  if (isSmtp && !hasUnencodedMark(text)) return
  const message = hasUnencodedMark(text)
    ? howToEncode
    : 'is no address smtp://user:password@host:587 or smtps://…'
  context.addIssue({ code: 'custom', message })
})
const megabyte = 1024 * 1024
const postgresAddress = z.string().superRefine((text, context) => {
  const fault = faultOf(text)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
})

const environmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** `json`, a line an event, for log collectors; `pretty` for a person at a terminal. */
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),

  PORT: port(3000),
  /** Where a worker answers /livez and /readyz; unset: nowhere. */
  WORKER_HEALTH_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** The address to listen on; unset: this machine alone, in production every address. */
  HOST: z.string().optional(),
  /** The address people reach the service under, which may have a path: links in mails, cookies. */
  PUBLIC_URL: publicUrl.optional(),
  /** In production, lets PUBLIC_URL, the storage's public address and the identity provider be `http:`. */
  ALLOW_HTTP: flag,
  /** Under https, browsers are told to ask the subdomains of the host by https alone as well. */
  HSTS_INCLUDE_SUBDOMAINS: flag,
  AUTH_SECRET: secret('AUTH_SECRET'),
  LINK_SECRET: secret('LINK_SECRET'),
  /** Those before, newest first: what they signed is still accepted. */
  PREVIOUS_AUTH_SECRET: previousSecrets,
  PREVIOUS_LINK_SECRET: previousSecrets,

  /** Where this process serves its metrics; unset: nowhere. */
  METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** The address that this port listens on. */
  METRICS_HOST: z.string().default('127.0.0.1'),

  /** Where traces go, by OTLP over HTTP; unset: there are none. The SDK reads this and its other variables itself. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),

  /** Number of proxies in front of the service whose X-Forwarded-For is trusted. */
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
  ...oidcVariables,

  /** As libpq reads addresses: see postgres-address.ts. The password may be given apart, as it is. */
  DATABASE_URL: postgresAddress,
  DATABASE_PASSWORD: z.string().optional(),
  SOURCE_DATABASE_URL: postgresAddress,
  SOURCE_DATABASE_PASSWORD: z.string().optional(),
  /** Maximum duration of a report's query, in seconds; the source database then ends it. */
  SOURCE_STATEMENT_TIMEOUT_SECONDS: count(3600),
  /** Maximum time for making one report's file, in minutes. Below the activity's own timeout of six hours. */
  REPORT_TIME_LIMIT_MINUTES: z.coerce.number().positive().max(maxReportTimeLimitMinutes).default(60),
  /** Maximum memory of the process that makes a report's file. An idle process holds about 140 MB. */
  REPORT_MEMORY_LIMIT_MB: z.coerce.number().int().min(256).default(512),
  /**
   * The most that one report's file may hold, in MB of 1,048,576 bytes. An upload has 10,000 parts of 5 MB at most, which
   * is the largest value.
   */
  REPORT_FILE_LIMIT_MB: z.coerce.number().int().min(1).max(maxFileMegabytes).default(maxFileMegabytes),
  /** A folder of an organisation's own report types. */
  REPORTS_DIR: z.string().optional(),
  /** `false` leaves out the demo's report types, which read the demo data's tables. */
  DEMO_REPORT_TYPES: z
    .enum(['true', 'false', '1', '0'])
    .default('true')
    .transform((text) => text === 'true' || text === '1'),

  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_API_KEY_FILE: z.string().optional(),
  TEMPORAL_TLS: flag,
  TEMPORAL_TLS_CA_FILE: z.string().optional(),
  TEMPORAL_TLS_CERT_FILE: z.string().optional(),
  TEMPORAL_TLS_KEY_FILE: z.string().optional(),
  /** Temporal Web, for links to a run. */
  TEMPORAL_WEB_URL: z.url().optional(),
  /** Seal what the engine keeps: `id:base64,…`; the first key seals, all open. Unset: nothing is sealed. */
  PAYLOAD_KEYS: payloadKeys,
  /** Path of the prebuilt workflow bundle; unset: a process that the worker starts bundles them. */
  WORKFLOW_BUNDLE: z.string().optional(),
  /** Whether Temporal gives tasks to the workers of the current build alone (Worker Deployments). */
  WORKER_VERSIONING: flag,

  ...storageVariables,

  ...csvVariables,

  SMTP_URL: smtpAddress,
  ...smtpVariables,
  ...smtpOauthVariables,
  MAIL_FROM: mailAddress.default('Rapporteur <rapporteur@rapporteur.test>'),
  MAIL_REPLY_TO: mailAddress.optional(),
  /** Where bounces go; the address of MAIL_FROM unless given. */
  MAIL_ENVELOPE_FROM: mailAddress.optional(),
  /** A `mailto:` in List-Unsubscribe: somebody must read what arrives there, the service does not. */
  MAIL_UNSUBSCRIBE_ADDRESS: z.email().optional(),
  /** Above this, a mail carries a link instead of the file. */
  MAIL_ATTACHMENT_LIMIT_BYTES: count(10 * megabyte),
  /** Mails a second for the whole fleet of workers. */
  MAIL_RATE_PER_SECOND: z.coerce.number().positive().default(20),
  /** Connections to the mail server at the same time, for the whole fleet; fewer once it has refused some. */
  MAIL_MAX_CONNECTIONS: count(20),
  /** The waits, in seconds, each time a mail server says that the sender's own quota is used up. */
  MAIL_QUOTA_WAITS_SECONDS: seconds('3600,10800,21600,43200'),
  /** The waits, in seconds, each time a mail server defers a mail (a 4xx reply, such as greylisting). */
  MAIL_DEFERRED_WAITS_SECONDS: seconds('60,300,900,1800'),
  /** How long a report waits for a source, storage, own database or mail server that is away; 0: three attempts. */
  OUTAGE_PATIENCE_MINUTES: z.coerce.number().min(0).max(maxOutagePatienceMinutes).default(60),
  /** Domains a recipient's address may have, whoever writes; empty: any. Comma-separated. */
  RECIPIENT_DOMAINS: domains,
  /** The organisation's own domains; empty: RECIPIENT_DOMAINS, else the domain of MAIL_FROM. Comma-separated. */
  ORGANISATION_DOMAINS: domains,
  /** Roles that may write outside the organisation's domains: `admin`, `admin,user`, or `none`. */
  OUTSIDE_RECIPIENT_ROLES: z
    .string()
    .default('admin')
    .transform((text) => text.split(',').map((part) => part.trim().toLowerCase()))
    .pipe(z.array(z.enum(['admin', 'user', 'none'], 'admin, user or none, separated by commas'))),
  /** Recipients that one person's clicks may write to within an hour. */
  RECIPIENTS_PER_HOUR: count(500),
  /** Who « contactez le service informatique » is: an address or a page. */
  SUPPORT_CONTACT: z.string().optional(),

  /** Minutes after the due time over which scheduled reports start, to spread the load of nine o'clock; 0: no spread. */
  SCHEDULE_SPREAD_MINUTES: z.coerce.number().int().min(0).max(60).default(0),
  /**
   * Minutes after which an occurrence that could not begin counts as missed, where late ones are left out. More than the
   * starts of the fullest minute take.
   */
  MISSED_AFTER_MINUTES: z.coerce.number().int().min(1).max(1440).default(15),
  /** Minutes without a sweep after which the API tells the administrators; 0: never. */
  WATCHDOG_AFTER_MINUTES: z.coerce.number().min(0).max(1440).default(5),
  /** Called as well: see docs/operations.md. */
  WATCHDOG_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Signs what is sent there. */
  WATCHDOG_WEBHOOK_SECRET: z.string().optional(),
  /** Consecutive failures of one scheduled report after which the administrators are told. */
  ALERT_AFTER_FAILURES: count(3),
  /** Days a file is kept; the report's row stays and records the removal. */
  RETENTION_DAYS: count(90),
  /**
   * Days until a report's recipients, their deliveries and the addresses in its log are removed. Longer than a failed
   * report waits for its relaunch, a week.
   */
  DELIVERY_RETENTION_DAYS: z.coerce.number().int().min(8).default(365),
  /** Days until the log itself is removed: phases, attempts, errors. */
  LOG_RETENTION_DAYS: z.coerce.number().int().min(8).default(730),
  /** Days a notice is kept; those that wait for the mail server are kept longer. */
  NOTICE_RETENTION_DAYS: z.coerce.number().int().min(2).default(365),
  /** Days that expired sessions, with their network address, are kept. */
  SESSION_RETENTION_DAYS: count(7),
  /** The audit trail: who did what. */
  AUDIT_RETENTION_DAYS: count(730),
  /** Days that expired links and codes of sign-in are kept. */
  VERIFICATION_RETENTION_DAYS: count(1),
  /** Days that the counts of refused sign-ins are kept after their window. */
  SIGN_IN_FAILURE_RETENTION_DAYS: count(1),
  /** Days that the answer to an Idempotency-Key is kept. */
  IDEMPOTENCY_RETENTION_DAYS: count(2),
})

type Parsed = z.infer<typeof environmentSchema>

export type Environment = Omit<z.infer<typeof environmentSchema>, 'PUBLIC_URL' | 'TEMPORAL_WEB_URL'> & {
  PUBLIC_URL: string
  TEMPORAL_WEB_URL: string
}

/** The message names each wrong variable, one a line. */
export class EnvironmentError extends StartError {
  override readonly name = 'EnvironmentError'
}

/**
 * The variables as the configuration is read from: with the secrets that files hold, and the addresses of databases with
 * the passwords given apart. Empty ones are left out.
 */
export function readVariables(source: NodeJS.ProcessEnv): {
  given: Record<string, string>
  faults: readonly Fault[]
} {
  const { given: all, faults } = withSecretFiles(source, Object.keys(environmentSchema.shape))
  const given = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
  for (const name of ['DATABASE', 'SOURCE_DATABASE', 'DEMO_DATABASE']) {
    const [url, password] = [given[`${name}_URL`], given[`${name}_PASSWORD`]]
    if (url === undefined || password === undefined) continue
    try {
      given[`${name}_URL`] = withPassword(url, password)
    } catch (error) {
      if (!(error instanceof PostgresAddressError)) throw error
      faults.push({ name: `${name}_URL`, message: error.message })
    }
  }
  return { given, faults }
}

function faultOf(address: string): string | undefined {
  try {
    readPostgresAddress(address)
    return undefined
  } catch (error) {
    if (error instanceof PostgresAddressError) return error.message
    throw error
  }
}

/** Variables that are probably misspelt. Asked before defaults are filled in, since one that is set is not meant. */
export function misspeltIn(source: NodeJS.ProcessEnv): Fault[] {
  return misspeltVariables(source, Object.keys(environmentSchema.shape))
}

/**
 * Reads the configuration. Empty variables count as unset.
 * @throws EnvironmentError naming every variable that is missing or wrong.
 */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const { given, faults: unreadable } = readVariables(source)
  const parsed = environmentSchema.safeParse(given)
  const faults = [
    ...unreadable,
    ...(parsed.success ? periodsInOrder(parsed.data) : schemaFaults(parsed.error, given)),
    ...misspeltIn(source),
    ...incompleteOidc(given),
    ...storageFaults(given),
    ...smtpOauthFaults(given),
    ...(given['NODE_ENV'] === 'production' ? productionFaults(given) : []),
  ]
  if (!parsed.success || faults.length > 0) {
    // One line a variable: what does not parse needs no second reason.
    const lines = new Map(faults.toReversed().map(({ name, message }) => [name, `  ${name}: ${message}`]))
    const text = [...lines.values()].reverse().join('\n')
    throw new EnvironmentError(`The configuration is wrong:\n${text}\n.env.example describes each variable.`)
  }
  const environment = parsed.data
  return {
    ...environment,
    HOST: environment.HOST ?? (environment.NODE_ENV === 'production' ? undefined : '127.0.0.1'),
    PUBLIC_URL: trimSlash(environment.PUBLIC_URL ?? `http://localhost:${environment.PORT}`),
    TEMPORAL_WEB_URL: trimSlash(environment.TEMPORAL_WEB_URL ?? 'http://localhost:8233'),
  }
}

function schemaFaults(error: z.ZodError, given: Record<string, string | undefined>): Fault[] {
  return error.issues.map((issue) => {
    // Of a list, the variable.
    const name = String(issue.path[0])
    return { name, message: given[name] === undefined ? 'is required and not set' : issue.message }
  })
}

/** With only part of them set, the sign-in button would be missing without an explanation. */
function incompleteOidc(given: Record<string, string | undefined>): Fault[] {
  const names = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']
  const missing = names.filter((name) => given[name] === undefined)
  if (missing.length === names.length && given['PASSWORD_SIGN_IN'] === 'false') {
    return [{ name: 'PASSWORD_SIGN_IN', message: `false needs ${names.join(', ')}, or nobody could sign in` }]
  }
  if (missing.length === 0 || missing.length === names.length) return []
  return missing.map((name) => ({ name, message: `is required when one of ${names.join(', ')} is set` }))
}

/** A log names the recipients, so that it cannot go before them. */
function periodsInOrder({ DELIVERY_RETENTION_DAYS: least, LOG_RETENTION_DAYS: days }: Parsed): Fault[] {
  if (days >= least) return []
  return [{ name: 'LOG_RETENTION_DAYS', message: `${days} is less than DELIVERY_RETENTION_DAYS, ${least}` }]
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
