import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from '@temporalio/client'
import type { NativeConnectionOptions } from '@temporalio/worker'
import type { Environment } from '#config/environment.ts'

/** The address, TLS and key of Temporal, from the environment; the same for clients and workers. */
export function temporalConnectionOptions(
  environment: Environment,
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
