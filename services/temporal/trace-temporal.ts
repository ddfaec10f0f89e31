/** The interceptors of Temporal's own package, which carry a trace from a client through workflows to activities. */

import type { ClientInterceptors } from '@temporalio/client'
import type { Context } from '@temporalio/activity'
import type { ActivityInterceptors, InjectedSinks } from '@temporalio/worker'
import type * as Package from '@temporalio/interceptors-opentelemetry-v2'
import type { Sinks } from '@temporalio/workflow'
import type { Tracing } from '#adapters/tracing/start-tracing.ts'

let loaded: { package: typeof Package; tracing: Tracing } | undefined

/** From now on clients and workers are traced. */
export async function traceTemporal(tracing: Tracing): Promise<void> {
  loaded = { package: await import('@temporalio/interceptors-opentelemetry-v2'), tracing }
}

export function tracingClientInterceptors(): ClientInterceptors | undefined {
  return loaded && { workflow: [new loaded.package.OpenTelemetryWorkflowClientInterceptor()] }
}

interface WorkerTracing {
  activity: ((context: Context) => ActivityInterceptors)[]
  /** Takes the spans of the workflows' sandbox, whose code is bundled for it. */
  sinks: InjectedSinks<Sinks> | undefined
}

export function workerTracing(): WorkerTracing {
  if (!loaded) return { activity: [], sinks: undefined }
  const { package: otel, tracing } = loaded
  return {
    activity: [(context) => ({ inbound: new otel.OpenTelemetryActivityInboundInterceptor(context) })],
    sinks: { exporter: otel.makeWorkflowExporter(tracing.processor, tracing.resource) },
  }
}
