import { readFileSync } from 'node:fs'
import { Connection, type ConnectionOptions } from '@temporalio/client'
import type { NativeConnectionOptions } from '@temporalio/worker'
import type { Environment } from '#config/environment.ts'

type TemporalEnvironment = Pick<
  Environment,
  | 'TEMPORAL_ADDRESS'
  | 'TEMPORAL_API_KEY'
  | 'TEMPORAL_TLS'
  | 'TEMPORAL_TLS_CA_FILE'
  | 'TEMPORAL_TLS_CERT_FILE'
  | 'TEMPORAL_TLS_KEY_FILE'
>

/** The address, TLS and key of Temporal, from the environment; the same for clients and workers. */
export function temporalConnectionOptions(
  environment: TemporalEnvironment,
): ConnectionOptions & NativeConnectionOptions {
  const { TEMPORAL_TLS_CA_FILE, TEMPORAL_TLS_CERT_FILE, TEMPORAL_TLS_KEY_FILE } = environment
  const clientCertPair =
    TEMPORAL_TLS_CERT_FILE && TEMPORAL_TLS_KEY_FILE
      ? { crt: readFileSync(TEMPORAL_TLS_CERT_FILE), key: readFileSync(TEMPORAL_TLS_KEY_FILE) }
      : undefined
  const serverRootCACertificate = TEMPORAL_TLS_CA_FILE ? readFileSync(TEMPORAL_TLS_CA_FILE) : undefined
  const needsTls =
    environment.TEMPORAL_TLS ||
    clientCertPair !== undefined ||
    serverRootCACertificate !== undefined ||
    !!environment.TEMPORAL_API_KEY
  return {
    address: environment.TEMPORAL_ADDRESS,
    ...(needsTls ? { tls: { serverRootCACertificate, clientCertPair } } : {}),
    ...(environment.TEMPORAL_API_KEY ? { apiKey: environment.TEMPORAL_API_KEY } : {}),
  }
}

/**
 * The longest wait between two attempts to connect again. gRPC's own is two minutes, and grows with the outage: an
 * engine that is back for long would still be "away" to pages, to the reconciler, and to a mail's "accepted" that has
 * five seconds to be kept (docs/decisions/0103).
 */
const longestReconnectWaitMs = 1_000

/** Connects when it is first used, so that whoever holds it lives while Temporal is away. */
export function lazyTemporalConnection(environment: TemporalEnvironment): Connection {
  return Connection.lazy({
    ...temporalConnectionOptions(environment),
    channelArgs: { 'grpc.max_reconnect_backoff_ms': longestReconnectWaitMs },
  })
}
