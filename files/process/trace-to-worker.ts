/** Loaded by a process of files whose worker is traced: its spans go to the worker, which alone knows where they belong. */

import { ExportResultCode } from '@opentelemetry/core'
import { defaultResource } from '@opentelemetry/resources'
import { SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base'
import type { SentSpan } from '#adapters/tracing/spans.ts'
import { makeSpansTo } from '#adapters/tracing/start-tracing.ts'

export function traceToWorker(send: (spans: SentSpan[]) => void): void {
  const processor = new SimpleSpanProcessor({
    export(spans, done) {
      send(spans.map(toSentSpan))
      done({ code: ExportResultCode.SUCCESS })
    },
    shutdown: async () => {},
  })
  makeSpansTo(processor, defaultResource())
}

function toSentSpan(span: ReadableSpan): SentSpan {
  return {
    name: span.name,
    kind: span.kind,
    spanContext: span.spanContext(),
    parentSpanContext: span.parentSpanContext,
    startTime: span.startTime,
    endTime: span.endTime,
    status: span.status,
    attributes: span.attributes,
    links: [],
    events: span.events,
    duration: span.duration,
    ended: span.ended,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  }
}
