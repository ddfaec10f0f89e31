/**
 * The address of a PostgreSQL database as libpq reads it (https://www.postgresql.org/docs/current/libpq-connect.html): what
 * an operator tried with psql means the same here. The driver's own reading differs: it takes `require` for `verify-full`,
 * leaves out encryption unless told, and knows neither several hosts nor `sslrootcert=system`.
 */

import { hasUnencodedMark, howToEncode } from './unencoded-mark.ts'
import { existsSync, readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { SecureVersion } from 'node:tls'

export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof sslModes)[number]

export const sessionAttributes = [
  'any',
  'read-write',
  'read-only',
  'primary',
  'standby',
  'prefer-standby',
] as const
export type SessionAttributes = (typeof sessionAttributes)[number]

export interface PostgresHost {
  /** A name, an address, or the folder of a socket. */
  host: string
  /** Connected to instead of what `host` resolves to; certificates are still those of `host`. */
  address?: string
  port: number
}

export interface PostgresAddress {
  /** In the order in which they are tried. */
  hosts: readonly PostgresHost[]
  user: string
  /** Undefined: PGPASSWORD, or none. */
  password: string | undefined
  database: string
  sslMode: SslMode
  /** The file's text; `system`: the certificates that the system trusts; undefined: none, nothing is verified. */
  rootCertificate: string | undefined
  clientCertificate: string | undefined
  clientKey: string | undefined
  clientKeyPassword: string | undefined
  revocationList: string | undefined
  minVersion: SecureVersion | undefined
  maxVersion: SecureVersion | undefined
  directTls: boolean
  channelBinding: 'disable' | 'prefer' | 'require'
  sessionAttributes: SessionAttributes
  /** Hosts in any order. */
  isShuffled: boolean
  /** Given by the address; undefined: the caller's. */
  connectTimeoutMs: number | undefined
  applicationName: string | undefined
  /** Command-line options for the server, such as `-c search_path=sales`. */
  options: string | undefined
}

/** The message has no part of the address that may be secret. */
export class PostgresAddressError extends Error {
  override readonly name = 'PostgresAddressError'
}

type Given = Readonly<Record<string, string | undefined>>

/** Parameters, and the variable that each has as its default. */
const parameters: Readonly<Record<string, string | null>> = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  user: 'PGUSER',
  password: null,
  dbname: 'PGDATABASE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslpassword: null,
  sslcrl: 'PGSSLCRL',
  sslnegotiation: 'PGSSLNEGOTIATION',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
  channel_binding: 'PGCHANNELBINDING',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  load_balance_hosts: 'PGLOADBALANCEHOSTS',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  application_name: null,
  options: 'PGOPTIONS',
}
/** What changes nothing here: ways of Kerberos and of keeping a connection, and the settings of other drivers. */
const ignored = new Set([
  'fallback_application_name',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'sslcompression',
  'sslsni',
  'uselibpqcompat',
  'connection_limit',
  'pool_timeout',
  'pgbouncer',
])
/** Only these values of theirs mean what happens here. */
const onlyValues: Readonly<Record<string, readonly string[]>> = {
  gssencmode: ['disable', 'prefer'],
  client_encoding: ['auto', 'utf8', 'UTF8', 'utf-8', 'UTF-8'],
  schema: ['public'],
}
const tlsVersions: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

/**
 * Reads an address and the files that it names.
 * @param environment the variables of libpq that the address leaves to them.
 * @throws PostgresAddressError that says what to write instead.
 */
export function readPostgresAddress(text: string, environment: Given = process.env): PostgresAddress {
  const given = parametersIn(text)
  const read = (name: string) => {
    const variable = parameters[name]
    return given[name] ?? (variable ? environment[variable] || undefined : undefined)
  }
  const oneOf = <Value extends string>(name: string, values: readonly Value[], fallback: Value): Value => {
    const value = read(name) ?? fallback
    if (values.includes(value as Value)) return value as Value
    const isDrivers = name === 'sslmode' && value === 'no-verify'
    throw new PostgresAddressError(
      isDrivers
        ? 'sslmode=no-verify is of another driver: write sslmode=require'
        : `${name}=${value} is none of ${values.join(', ')}`,
    )
  }
  const isSystem = read('sslrootcert') === 'system'
  const jdbc = given.ssl === 'true' ? 'require' : undefined
  const sslMode = oneOf('sslmode', sslModes, isSystem ? 'verify-full' : (jdbc ?? 'prefer'))
  if (isSystem && sslMode !== 'verify-full') {
    throw new PostgresAddressError(
      `sslmode=${sslMode} is too weak for sslrootcert=system, whose authorities certify anybody: write verify-full`,
    )
  }
  const directTls = oneOf('sslnegotiation', ['postgres', 'direct'], 'postgres') === 'direct'
  if (directTls && !['require', 'verify-ca', 'verify-full'].includes(sslMode)) {
    throw new PostgresAddressError(`sslnegotiation=direct needs sslmode=require or stronger, not ${sslMode}`)
  }
  const user = read('user') ?? userInfo().username
  const isEncrypted = sslMode !== 'disable'
  const file = (name: string, standard: string) =>
    isEncrypted ? readFile(name, read(name), join(homedir(), '.postgresql', standard)) : undefined
  const rootCertificate = isSystem ? 'system' : file('sslrootcert', 'root.crt')
  if (sslMode.startsWith('verify') && rootCertificate === undefined) {
    throw new PostgresAddressError(
      `sslmode=${sslMode} needs the authority that certifies the server: sslrootcert=/path/of/root.crt, or system`,
    )
  }
  const clientCertificate = file('sslcert', 'postgresql.crt')
  const clientKey = clientCertificate === undefined ? undefined : file('sslkey', 'postgresql.key')
  if (clientCertificate !== undefined && clientKey === undefined) {
    throw new PostgresAddressError('sslcert is without its key: add sslkey=/path/of/client.key')
  }
  return {
    hosts: hostsOf(read),
    user,
    password: given.password,
    database: read('dbname') ?? user,
    sslMode,
    rootCertificate,
    clientCertificate,
    clientKey,
    clientKeyPassword: given.sslpassword,
    revocationList: file('sslcrl', 'root.crl'),
    minVersion: read('ssl_min_protocol_version')
      ? oneOf('ssl_min_protocol_version', tlsVersions, 'TLSv1.2')
      : undefined,
    maxVersion: read('ssl_max_protocol_version')
      ? oneOf('ssl_max_protocol_version', tlsVersions, 'TLSv1.3')
      : undefined,
    directTls,
    channelBinding: oneOf('channel_binding', ['disable', 'prefer', 'require'], 'prefer'),
    sessionAttributes: oneOf('target_session_attrs', sessionAttributes, 'any'),
    isShuffled: oneOf('load_balance_hosts', ['disable', 'random'], 'disable') === 'random',
    connectTimeoutMs: secondsOf(read('connect_timeout')),
    applicationName: given.application_name,
    options: read('options'),
  }
}

/** The address with another password. @throws PostgresAddressError when it has one already. */
export function withPassword(text: string, password: string): string {
  const parts = partsOf(text)
  if (parts.password !== undefined || /[?&]password=/.test(parts.query)) {
    throw new PostgresAddressError(
      'has a password already: leave it out of the address, or do not give it apart',
    )
  }
  return `${parts.scheme}://${parts.user ?? ''}:${encodeURIComponent(password)}@${parts.rest}${parts.query}`
}

/** The address for people: a password is replaced. */
export function withoutPassword(text: string): string {
  const { scheme, user, password, rest, query } = partsOf(text)
  const account = user === undefined ? '' : `${user}${password === undefined ? '' : ':***'}@`
  return `${scheme}://${account}${rest}${query.replace(/([?&](?:ssl)?password=)[^&]*/g, '$1***')}`
}

interface Parts {
  scheme: string
  /** These two are encoded still. */
  user: string | undefined
  password: string | undefined
  /** Hosts and database. */
  rest: string
  /** With its question mark. */
  query: string
}

/** `new URL` knows no list of hosts with ports. */
/** An @ may stand in what follows a known parameter, such as user=a@b. */
function isPasswordCut(text: string): boolean {
  if (!/^postgres(ql)?:/.test(text) || !hasUnencodedMark(text, '/?')) return false
  const [path = '', query = ''] = text.split(/\?(.*)/s)
  return path.includes('@') || !Object.hasOwn(parameters, query.split('=')[0] ?? '')
}

function partsOf(text: string): Parts {
  if (isPasswordCut(text)) {
    throw new PostgresAddressError(`${howToEncode}, or give the password apart, in …_PASSWORD`)
  }
  const match = /^(postgres(?:ql)?):\/\/(?:([^/?]*)@)?([^?]*)(\?.*)?$/s.exec(text)
  if (!match) {
    throw new PostgresAddressError(
      /^postgres(ql)?:/.test(text)
        ? 'cannot be read: percent-encode what is special in user and password, such as / as %2F and ? as %3F'
        : 'is no address postgresql://user:password@host:port/database',
    )
  }
  const [, scheme = '', account, rest = '', query = ''] = match
  const [user, ...password] = account?.split(':') ?? []
  return { scheme, user, password: password.length > 0 ? password.join(':') : undefined, rest, query }
}

function parametersIn(text: string): Given {
  const { user, password, rest, query } = partsOf(text)
  const slash = rest.indexOf('/')
  const hosts = (slash === -1 ? rest : rest.slice(0, slash)).split(',')
  const database = slash === -1 ? '' : rest.slice(slash + 1)
  const split = hosts.map((host) => {
    const match = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(host)
    if (!match) {
      throw new PostgresAddressError(
        'its host and port cannot be read: an IPv6 address stands in brackets, and / ? # @ in a password are percent-encoded',
      )
    }
    return [decoded(match[1]?.replace(/^\[(.*)\]$/, '$1') ?? ''), match[2] ?? ''] as const
  })
  const given: Record<string, string | undefined> = {
    user: user ? decoded(user) : undefined,
    password: password ? decoded(password) : undefined,
    host: split.some(([host]) => host !== '') ? split.map(([host]) => host).join(',') : undefined,
    port: split.some(([, port]) => port !== '') ? split.map(([, port]) => port).join(',') : undefined,
    dbname: database === '' ? undefined : decoded(database),
  }
  for (const pair of query.slice(1).split('&').filter(Boolean)) {
    const [name = '', ...value] = pair.split('=')
    const key = decoded(name)
    const text = decoded(value.join('='))
    if (ignored.has(key)) continue
    const only = onlyValues[key]
    if (only) {
      if (!only.includes(text)) {
        throw new PostgresAddressError(`${key}=${text} is not possible here, only ${only.join(', ')}`)
      }
      continue
    }
    if (!Object.hasOwn(parameters, key) && key !== 'ssl') {
      throw new PostgresAddressError(
        `${key} is no parameter known here; known: ${Object.keys(parameters).join(', ')}`,
      )
    }
    if (text !== '') given[key] = text
  }
  return given
}

function hostsOf(read: (name: string) => string | undefined): PostgresHost[] {
  const addresses = read('hostaddr')?.split(',')
  const hosts = read('host')?.split(',') ?? addresses ?? ['']
  if (addresses && addresses.length !== hosts.length) {
    throw new PostgresAddressError(`hostaddr has ${addresses.length} entries, host ${hosts.length}`)
  }
  const ports = read('port')?.split(',') ?? ['']
  if (ports.length !== 1 && ports.length !== hosts.length) {
    throw new PostgresAddressError(`there are ${ports.length} ports for ${hosts.length} hosts`)
  }
  return hosts.map((given, index) => {
    const port = portOf((ports.length === 1 ? ports[0] : ports[index]) ?? '')
    return { host: given === '' ? standardHost(port) : given, address: addresses?.[index] || undefined, port }
  })
}

/** That of a server on this machine, by its socket where there is one. */
function standardHost(port: number): string {
  const folders = ['/run/postgresql', '/var/run/postgresql', '/tmp']
  return folders.find((folder) => existsSync(join(folder, `.s.PGSQL.${port}`))) ?? 'localhost'
}

function portOf(text: string): number {
  if (text === '') return 5432
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new PostgresAddressError(`the port ${text} is none of 1 to 65535`)
  return port
}

/** As libpq: 0 and less wait without limit, and two seconds are the least. */
function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^-?\d{1,6}$/.test(text))
    throw new PostgresAddressError(`connect_timeout=${text} is no number of seconds`)
  const seconds = Number(text)
  return seconds <= 0 ? 0 : Math.max(seconds, 2) * 1_000
}

/** A file that the address names must be there; the standard one is used where it is. */
function readFile(name: string, given: string | undefined, standard: string): string | undefined {
  const path = given ?? (existsSync(standard) ? standard : undefined)
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new PostgresAddressError(`${name}=${path} cannot be read (${why})`)
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new PostgresAddressError('has a % that begins no percent-encoded character: write %25 for a %')
  }
}
