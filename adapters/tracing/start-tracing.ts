/** OpenTelemetry's SDK: loaded by a process whose traces are on, and by no other. */

import * as api from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { Logger } from '#config/logger.ts'
import { RedactingProcessor } from './redacting-processor.ts'
import { makeSpansWith } from './spans.ts'

export interface Tracing {
  /** Where spans made elsewhere go: in the workflows' sandbox, in the process of a file. */
  processor: SpanProcessor
  resource: Resource
  /** Sends what is left, for as long as `flushMs` at most. */
  close(): Promise<void>
}

/** A collector that is away is met every few seconds. */
const toldAgainMs = 60_000
/** A collector that is away delays the end of a process by no more. */
const flushMs = 3_000

/**
 * Address, headers, sampler and the like are read from OTEL_… by the SDK itself. Without OTEL_SERVICE_NAME the service is
 * called after its process.
 */
export function startTracing(processName: string, logger: Logger): Tracing {
  let toldAt = Number.NEGATIVE_INFINITY
  const warn = (message: string, ...details: unknown[]) => {
    if (performance.now() - toldAt < toldAgainMs) return
    toldAt = performance.now()
    logger.warn({ details }, `traces: ${message}`)
  }
  api.diag.setLogger(
    { error: warn, warn, info: () => {}, debug: () => {}, verbose: () => {} },
    { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': `rapporteur-${processName}` }))
    .merge(detectResources({ detectors: [envDetector] }))
  const processor = new RedactingProcessor(new BatchSpanProcessor(new OTLPTraceExporter()))
  makeSpansTo(processor, resource)
  return {
    processor,
    resource,
    async close() {
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, flushMs)
      await Promise.race([processor.shutdown().catch(() => undefined), late])
      clearTimeout(timer)
    },
  }
}

/** Also for a process that hands its spans to another one. */
export function makeSpansTo(processor: SpanProcessor, resource: Resource): void {
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  api.propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  api.trace.setGlobalTracerProvider(new BasicTracerProvider({ resource, spanProcessors: [processor] }))
  makeSpansWith(api, ({ spanContext, ...span }) =>
    processor.onEnd({ ...span, resource, spanContext: () => spanContext }),
  )
}
