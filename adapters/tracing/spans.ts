/**
 * Spans of this process where traces are on (OTEL_EXPORTER_OTLP_ENDPOINT): the parts of the product call these and know no
 * more. Where they are off nothing of OpenTelemetry's SDK is loaded, and work is called as it is.
 */

import type * as Otel from '@opentelemetry/api'
import type { Attributes, Context, Span, SpanContext } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'

/** OpenTelemetry's API, as start-tracing.ts hands it over. */
type Api = typeof Otel

/** What carries a trace from process to process: `traceparent`, and what a sampler adds. */
export type TraceHeaders = Record<string, string>

/** A span that ended in another process, as it can be sent. */
export type SentSpan = Omit<ReadableSpan, 'spanContext' | 'resource'> & { spanContext: SpanContext }

const tracerName = 'rapporteur'

let api: Api | undefined
let take: (span: SentSpan) => void = () => {}

/** From now on spans are made. */
export function makeSpansWith(loaded: Api, takeSpan: typeof take): void {
  api = loaded
  take = takeSpan
}

/** Passes on what a process of this one has sent. */
export function takeSpans(spans: readonly SentSpan[]): void {
  for (const span of spans) take(span)
}

export function isTracing(): boolean {
  return api !== undefined
}

/** The span that is open now; undefined where nothing is traced. */
function parentSpan(): Span | undefined {
  return api?.trace.getActiveSpan()
}

/**
 * A span below the one that is open, for work that ends by an event. Null where none is open: what a process does by
 * itself, such as polling, is no trace.
 * @returns ends it.
 */
export function beginSpan(name: string, attributes: Attributes): ((error?: unknown) => void) | null {
  if (!api || !parentSpan()) return null
  const span = api.trace.getTracer(tracerName).startSpan(name, { kind: api.SpanKind.CLIENT, attributes })
  return (error) => endSpan(span, error)
}

/** The same around work, whose own spans come below it. */
export function inSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  if (!api || !parentSpan()) return work()
  const span = api.trace.getTracer(tracerName).startSpan(name, { kind: api.SpanKind.CLIENT, attributes })
  return api.context.with(api.trace.setSpan(api.context.active(), span), () => ended(span, work))
}

/** The first span of this process for a request of another one, or of nobody known: goes on with their trace. */
export function inServerSpan<T>(
  name: string,
  headers: TraceHeaders,
  work: (span: Pick<Span, 'setAttributes' | 'updateName'>) => Promise<T>,
): Promise<T> {
  if (!api) return work(noSpan)
  const from: Context = api.propagation.extract(api.ROOT_CONTEXT, headers)
  const span = api.trace.getTracer(tracerName).startSpan(name, { kind: api.SpanKind.SERVER }, from)
  return api.context.with(api.trace.setSpan(from, span), () => ended(span, () => work(span)))
}

/** For a process that goes on with the work; undefined where nothing is traced. */
export function traceHeaders(): TraceHeaders | undefined {
  if (!api || !parentSpan()) return undefined
  const headers: TraceHeaders = {}
  api.propagation.inject(api.context.active(), headers)
  return headers
}

const noSpan: Pick<Span, 'setAttributes' | 'updateName'> = {
  setAttributes: () => noSpan as Span,
  updateName: () => noSpan as Span,
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work()
    endSpan(span)
    return result
  } catch (error) {
    endSpan(span, error)
    throw error
  }
}

/** An error's name alone: its words may hold an address or a value. */
function endSpan(span: Span, error?: unknown): void {
  if (api && error !== undefined) {
    span.setStatus({ code: api.SpanStatusCode.ERROR })
    span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
  }
  span.end()
}
