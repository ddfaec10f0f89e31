import type { Attributes } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base'

/**
 * The attributes that leave the process. A list of what may, since the libraries put more on spans than one would think:
 * Temporal's interceptors add the whole of a workflow's information, memo and last failure included.
 */
const allowed: ReadonlySet<string> = new Set([
  'attempt',
  'db.operation.name',
  'db.system.name',
  'error.type',
  'exception.type',
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'namespace',
  'rapporteur.pool',
  'rpc.method',
  'rpc.service',
  'runId',
  'run_id',
  'taskQueue',
  'temporalActivityId',
  'temporalWorkflowId',
  'workflowId',
  'workflowType',
])

/** Passes spans on without the words of errors, which hold addresses, values of rows and mail servers' replies. */
export class RedactingProcessor implements SpanProcessor {
  readonly #next: SpanProcessor

  constructor(next: SpanProcessor) {
    this.#next = next
  }

  onStart(...args: Parameters<SpanProcessor['onStart']>): void {
    this.#next.onStart(...args)
  }

  onEnd(span: ReadableSpan): void {
    this.#next.onEnd(redacted(span))
  }

  forceFlush(): Promise<void> {
    return this.#next.forceFlush()
  }

  shutdown(): Promise<void> {
    return this.#next.shutdown()
  }
}

function redacted(span: ReadableSpan): ReadableSpan {
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => span.spanContext(),
    parentSpanContext: span.parentSpanContext,
    startTime: span.startTime,
    endTime: span.endTime,
    status: { code: span.status.code },
    attributes: allowedOf(span.attributes),
    links: [],
    events: span.events.map(({ name, time, attributes = {} }) => ({
      name,
      time,
      attributes: allowedOf(attributes),
    })),
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  }
}

function allowedOf(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => allowed.has(name)))
}
