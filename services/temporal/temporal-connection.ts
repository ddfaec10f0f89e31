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
