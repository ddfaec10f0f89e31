/**
 * The Temporal SDK's own metrics. Its native half serves them on a port of its own alone, so this is one that the system
 * gives on the loopback address, read when the process's own page is.
 */

import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { TelemetryOptions } from '@temporalio/worker'

const host = '127.0.0.1'
/** It answers from memory. */
const answerWithinMs = 2_000

export interface SdkMetrics {
  /** For `Runtime.install`. */
  telemetry: NonNullable<TelemetryOptions['metrics']>
  /** In Prometheus's text format; empty when it does not answer. */
  read(): Promise<string>
}

export async function prepareSdkMetrics(): Promise<SdkMetrics> {
  const port = await freePort()
  return {
    telemetry: {
      prometheus: {
        bindAddress: `${host}:${port}`,
        // As Prometheus's own conventions have it.
        countersTotalSuffix: true,
        unitSuffix: true,
        useSecondsForDurations: true,
      },
    },
    read: () =>
      fetch(`http://${host}:${port}/metrics`, { signal: AbortSignal.timeout(answerWithinMs) })
        .then((answer) => answer.text())
        .catch(() => ''),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
