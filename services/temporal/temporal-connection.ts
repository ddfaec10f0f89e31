import { readFileSync } from 'node:fs'
import { Connection, type ConnectionOptions } from '@temporalio/client'
import type { NativeConnection, NativeConnectionOptions } from '@temporalio/worker'
import type { Environment } from '#config/environment.ts'

type TemporalEnvironment = Pick<
  Environment,
  | 'TEMPORAL_ADDRESS'
  | 'TEMPORAL_API_KEY'
  | 'TEMPORAL_API_KEY_FILE'
  | 'TEMPORAL_TLS'
  | 'TEMPORAL_TLS_CA_FILE'
  | 'TEMPORAL_TLS_CERT_FILE'
  | 'TEMPORAL_TLS_KEY_FILE'
>

/** How long a key that was read counts as the one in the file. */
const keyReadAgainMs = 10_000

/** The address, TLS and key of Temporal for a client, which asks for the key at each call. */
export function temporalConnectionOptions(environment: TemporalEnvironment): ConnectionOptions {
  const { TEMPORAL_TLS_CA_FILE, TEMPORAL_TLS_CERT_FILE, TEMPORAL_TLS_KEY_FILE } = environment
  const clientCertPair =
    TEMPORAL_TLS_CERT_FILE && TEMPORAL_TLS_KEY_FILE
      ? { crt: readFileSync(TEMPORAL_TLS_CERT_FILE), key: readFileSync(TEMPORAL_TLS_KEY_FILE) }
      : undefined
  const serverRootCACertificate = TEMPORAL_TLS_CA_FILE ? readFileSync(TEMPORAL_TLS_CA_FILE) : undefined
  const apiKey = temporalApiKey(environment)
  const needsTls =
    environment.TEMPORAL_TLS ||
    clientCertPair !== undefined ||
    serverRootCACertificate !== undefined ||
    apiKey !== undefined
  return {
    address: environment.TEMPORAL_ADDRESS,
    ...(needsTls ? { tls: { serverRootCACertificate, clientCertPair } } : {}),
    ...(apiKey === undefined ? {} : { apiKey }),
  }
}

/** The same for a worker, whose connection is told of a new key: see `renewApiKey`. */
export function workerConnectionOptions(environment: TemporalEnvironment): NativeConnectionOptions {
  const { address, tls } = temporalConnectionOptions(environment)
  return { address, tls, apiKey: temporalApiKey(environment)?.() }
}

/** Gives a worker's connection the key as it is now. */
export async function renewApiKey(
  connection: NativeConnection,
  environment: TemporalEnvironment,
): Promise<void> {
  const apiKey = temporalApiKey(environment)?.()
  if (apiKey !== undefined) await connection.setApiKey(apiKey)
}

/** A key that rotates is in a file: the old one is used while the file cannot be read. */
function temporalApiKey({
  TEMPORAL_API_KEY,
  TEMPORAL_API_KEY_FILE,
}: TemporalEnvironment): (() => string) | undefined {
  if (!TEMPORAL_API_KEY) return undefined
  if (!TEMPORAL_API_KEY_FILE) return () => TEMPORAL_API_KEY
  let key = TEMPORAL_API_KEY
  let readAt = Number.NEGATIVE_INFINITY
  return () => {
    if (performance.now() - readAt < keyReadAgainMs) return key
    readAt = performance.now()
    try {
      key = readFileSync(TEMPORAL_API_KEY_FILE, 'utf8').trim() || key
    } catch {
      // Being replaced at this very moment.
    }
    return key
  }
}

/**
 * The maximum wait between two attempts to reconnect. gRPC's own grows with the outage, up to two minutes: after its
 * return the engine would still be unreachable for pages, the reconciler, and a mail's "accepted", which must be
 * recorded within five seconds (docs/decisions/0103).
 */
const maxReconnectWaitMs = 1_000

/** Connects at its first use, so that a process can start while Temporal is unreachable. */
export function lazyTemporalConnection(options: ConnectionOptions): Connection {
  return Connection.lazy({
    ...options,
    channelArgs: { 'grpc.max_reconnect_backoff_ms': maxReconnectWaitMs },
  })
}
