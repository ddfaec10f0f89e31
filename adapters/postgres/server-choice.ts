/** Which server of an address is connected to, and whether encrypted: decided as libpq does, told to `pg` as plain options. */

import { isIP } from 'node:net'
import tls, { type ConnectionOptions } from 'node:tls'
import { Client, DatabaseError, type ClientConfig } from 'pg'
import { readPostgresAddress, type PostgresAddress, type PostgresHost } from '#config/postgres-address.ts'

export interface ServerChoice {
  /**
   * The options of one server. Where the address leaves a choice (several hosts, `allow` and `prefer`, the attributes of a
   * session, a channel binding that must be), it is made by connecting once; else nothing is connected to.
   * @throws the last server's error.
   */
  options(): Promise<ClientConfig>
  /** Whether a connection that fails may succeed at once elsewhere. */
  readonly hasOtherServers: boolean
  /** Chooses anew at the next `options`. */
  forget(): void
}

interface Candidate {
  host: PostgresHost
  isEncrypted: boolean
}

/** @throws PostgresAddressError */
export function createServerChoice(text: string, defaults: { connectTimeoutMs: number }): ServerChoice {
  const address = readPostgresAddress(text)
  const { connectTimeoutMs = defaults.connectTimeoutMs } = address
  const candidates = candidatesOf(address)
  const [first] = candidates
  const isOpen =
    candidates.length > 1 || address.sessionAttributes !== 'any' || address.channelBinding === 'require'
  let chosen: Promise<ClientConfig> | undefined
  const choose = () => {
    const choice = chooseServer(address, connectTimeoutMs)
    // The next caller tries again.
    choice.catch(() => (chosen = undefined))
    return choice
  }
  return {
    hasOtherServers: address.hosts.length > 1,
    async options() {
      chosen ??= !isOpen && first ? Promise.resolve(optionsOf(address, first, connectTimeoutMs)) : choose()
      return chosen
    },
    forget: () => (chosen = undefined),
  }
}

async function chooseServer(address: PostgresAddress, connectTimeoutMs: number): Promise<ClientConfig> {
  const { sessionAttributes: wanted } = address
  const rounds = wanted === 'prefer-standby' ? (['standby', 'any'] as const) : ([wanted] as const)
  let failure: unknown
  for (const attributes of rounds) {
    const closed = new Set<PostgresHost>()
    for (const candidate of candidatesOf(address)) {
      if (closed.has(candidate.host)) continue
      const options = optionsOf(address, candidate, connectTimeoutMs)
      try {
        if (await isWanted(options, attributes, address)) return options
        closed.add(candidate.host)
        failure ??= new Error(`No server of the address is ${attributes} (target_session_attrs)`)
      } catch (error) {
        failure = error
        // Of a server that cannot be reached the other way is not tried: it would take as long to find out.
        if (!isRefusedWay(error)) closed.add(candidate.host)
        // libpq asks no further server after a refused password: it may lock the account there, too.
        if (isWrongPassword(error)) throw error
      }
    }
  }
  throw failure
}

function candidatesOf(address: PostgresAddress): Candidate[] {
  const { hosts, sslMode, isShuffled } = address
  const order = isShuffled ? hosts.toSorted(() => Math.random() - 0.5) : hosts
  const ways = { disable: [false], allow: [false, true], prefer: [true, false] } as const
  return order.flatMap((host) => {
    // A socket is of this machine: nothing to encrypt, whatever the mode.
    const encrypted = host.host.startsWith('/') ? [false] : (ways[sslMode as keyof typeof ways] ?? [true])
    return encrypted.map((isEncrypted) => ({ host, isEncrypted }))
  })
}

function optionsOf(
  address: PostgresAddress,
  { host, isEncrypted }: Candidate,
  connectTimeoutMs: number,
): ClientConfig {
  const { user, password, database, directTls, channelBinding, options, applicationName } = address
  return {
    host: host.address ?? host.host,
    port: host.port,
    user,
    // Undefined, it would hide PGPASSWORD.
    ...(password === undefined ? {} : { password }),
    database,
    ssl: isEncrypted ? tlsOptions(address, host) : false,
    ...(isEncrypted && directTls ? { sslnegotiation: 'direct' } : {}),
    enableChannelBinding: isEncrypted && channelBinding !== 'disable',
    connectionTimeoutMillis: connectTimeoutMs,
    ...(options === undefined ? {} : { options }),
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
  }
}

/**
 * An authority that is given is asked in every mode; without one, nothing is verified below `verify-ca`. The name is part
 * of `verify-full` alone.
 */
function tlsOptions(address: PostgresAddress, { host, address: connected }: PostgresHost): ConnectionOptions {
  const { sslMode, rootCertificate, clientCertificate, clientKey, clientKeyPassword } = address
  const name = (_connected: string, certificate: tls.PeerCertificate) =>
    tls.checkServerIdentity(host, certificate)
  return {
    rejectUnauthorized: rootCertificate !== undefined,
    ca: rootCertificate === 'system' ? systemAuthorities() : rootCertificate,
    crl: address.revocationList,
    cert: clientCertificate,
    key: clientKey,
    passphrase: clientKeyPassword,
    minVersion: address.minVersion ?? 'TLSv1.2',
    maxVersion: address.maxVersion,
    // The driver names what it connects to, unless that is a number.
    ...(connected !== undefined && isIP(host) === 0 ? { servername: host } : {}),
    checkServerIdentity: sslMode === 'verify-full' ? name : () => undefined,
  }
}

/** Those of the operating system (SSL_CERT_FILE is read), else those that Node brings; and NODE_EXTRA_CA_CERTS. */
function systemAuthorities(): string[] {
  const ofSystem = tls.getCACertificates('system')
  return [
    ...(ofSystem.length > 0 ? ofSystem : tls.getCACertificates('bundled')),
    ...tls.getCACertificates('extra'),
  ]
}

async function isWanted(
  options: ClientConfig,
  wanted: PostgresAddress['sessionAttributes'],
  { channelBinding }: PostgresAddress,
): Promise<boolean> {
  const client = new Client(options)
  client.on('error', () => {})
  let offersBinding = false
  // An event of the driver's connection, which its types leave out.
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
  connection.on('authenticationSASL', ({ mechanisms }: { mechanisms: string[] }) => {
    offersBinding = mechanisms.includes('SCRAM-SHA-256-PLUS')
  })
  try {
    await client.connect()
    if (channelBinding === 'require' && !offersBinding) {
      throw new Error('The server offers no channel binding, which channel_binding=require asks for')
    }
    if (wanted === 'any') return true
    const { rows } = await client.query<{ standby: boolean; read_only: boolean }>(
      `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS read_only`,
    )
    const { standby = false, read_only: readOnly = false } = rows[0] ?? {}
    if (wanted === 'read-write') return !readOnly
    if (wanted === 'read-only') return readOnly
    return standby === (wanted === 'standby')
  } finally {
    await client.end().catch(() => {})
  }
}

/** The server answered, and wants another encryption, or none: in its own words, or in those of the handshake. */
function isRefusedWay(error: unknown): boolean {
  if (error instanceof DatabaseError) return true
  const { code = '', message } = error as Error & { code?: string }
  return (
    /^(ERR_(TLS|SSL|OSSL)|CERT_|UNABLE_|DEPTH_|SELF_|EPROTO|HOSTNAME)/.test(code) || /\bSSL\b/.test(message)
  )
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '28P01'
}
