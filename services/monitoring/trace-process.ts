import type { Tracing } from '#adapters/tracing/start-tracing.ts'
import type { Environment } from '#config/environment.ts'
import type { Logger } from '#config/logger.ts'
import { traceTemporal } from '../temporal/trace-temporal.ts'

/**
 * Turns traces on where OTEL_EXPORTER_OTLP_ENDPOINT is set; loads nothing where it is not. To be called before clients of
 * Temporal and workers are made.
 */
export async function traceProcess(
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Pick<Environment, 'OTEL_EXPORTER_OTLP_ENDPOINT'>,
  processName: 'api' | 'worker',
  logger: Logger,
): Promise<Tracing | null> {
  if (endpoint === undefined) return null
  const { startTracing } = await import('#adapters/tracing/start-tracing.ts')
  const tracing = startTracing(processName, logger)
  await traceTemporal(tracing)
  return tracing
}
