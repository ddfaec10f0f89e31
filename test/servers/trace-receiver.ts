/** Receives traces as a collector does: OTLP over HTTP, protobuf. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import protobuf from 'protobufjs'
import { freePort } from '#local/ports.ts'

export interface ReceivedSpan {
  service: string
  traceId: string
  spanId: string
  /** Empty for the first of a trace. */
  parentId: string
  name: string
  /** 2 for an error. */
  status: number
}

export interface TraceReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string
  spans: readonly ReceivedSpan[]
  /** All that came, as text: what is in the clear can be found in it. */
  raw(): string
  close(): Promise<void>
}

/** Of opentelemetry-proto, what is read here. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resourceSpans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scopeSpans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes traceId = 1; bytes spanId = 2; bytes parentSpanId = 4; string name = 5; Status status = 15;
  }
  message Status { int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { string stringValue = 1; }
`)
const requestType = root.lookupType('Request')

interface Request {
  resourceSpans: {
    resource: { attributes: { key: string; value?: { stringValue: string } }[] }
    scopeSpans: {
      spans: {
        traceId: Buffer
        spanId: Buffer
        parentSpanId: Buffer
        name: string
        status?: { code: number }
      }[]
    }[]
  }[]
}

export async function startTraceReceiver(): Promise<TraceReceiver> {
  const port = await freePort()
  const spans: ReceivedSpan[] = []
  const bodies: Buffer[] = []
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      bodies.push(body)
      spans.push(...spansOf(body))
      response.writeHead(request.url === '/v1/traces' ? 200 : 404).end()
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    raw: () => Buffer.concat(bodies).toString('latin1'),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function spansOf(body: Buffer): ReceivedSpan[] {
  const { resourceSpans } = requestType.decode(body) as unknown as Request
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === 'service.name')
    return scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({
        service: name?.value?.stringValue ?? '',
        traceId: span.traceId.toString('hex'),
        spanId: span.spanId.toString('hex'),
        parentId: span.parentSpanId.toString('hex'),
        name: span.name,
        status: span.status?.code ?? 0,
      })),
    )
  })
}
