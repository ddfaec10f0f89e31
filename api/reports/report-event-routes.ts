/** Live status: server-sent events with the person's own reports. */

import { createRoute, z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import type { Api } from '../http/api-env.ts'
import type { ReportChange, ReportFeed } from './report-feed.ts'
import type { OpenStreams, StreamEnd } from './open-streams.ts'
import { problemResponses, security } from '../http/openapi-parts.ts'

export type { ReportFeed }

/** Below the 30 to 60 s after which proxies cut an idle connection. */
const keepAliveMs = 15_000
/** The browser then reconnects by itself, and its session is checked again. */
const maxStreamMs = 10 * 60_000
/** A browser reconnects this long after its stream was displaced, so that nine of them do not end each other all the time. */
const displacedRetryMs = 60_000

const events = createRoute({
  method: 'get',
  path: '/v1/reports/events',
  operationId: 'streamReports',
  tags: ['Reports'],
  summary: 'Changes of my reports as they happen',
  description:
    'Each event `report` carries a Report; the event’s id names the change, so that `Last-Event-ID` gets what was ' +
    'missed (five minutes at most). Comments keep the connection open. The stream ends after ten minutes: reconnect. ' +
    'It ends within seconds of the session or the key that opened it, and when the same person opens a ninth.',
  security,
  responses: {
    200: {
      description: 'The stream',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...problemResponses(),
  },
})

export function reportEventRoutes(api: Api, feed: ReportFeed, streams: OpenStreams): void {
  api.openapi(events, (context) => {
    const ownerId = context.get('person').id
    const lastId = context.req.header('last-event-id') ?? ''
    const since = /^\d{1,15}$/.test(lastId) ? new Date(Number(lastId)) : undefined
    // Proxies that buffer would hold events back.
    context.header('x-accel-buffering', 'no')
    context.header('cache-control', 'no-store, no-transform')
    // Hono runs GET's handler for HEAD, which has no body to stream.
    if (context.req.method === 'HEAD') return context.body(null, 200, { 'content-type': 'text/event-stream' })
    const ended = Promise.withResolvers<StreamEnd | void>()
    let isOver = false
    const countOut = streams.open({
      personId: ownerId,
      access: context.get('access'),
      end: (why) => {
        isOver = true
        ended.resolve(why)
      },
    })
    return streamSSE(context, async (stream) => {
      stream.onAbort(() => ended.resolve())
      const send = ({ report, updatedAt }: ReportChange) => {
        const id = String(updatedAt.getTime())
        stream.writeSSE({ event: 'report', id, data: JSON.stringify(report) }).catch(() => ended.resolve())
      }
      const forget = feed.onClose(() => ended.resolve())
      const keepAlive = setInterval(
        () => void stream.write(': keep-alive\n\n').catch(() => ended.resolve()),
        keepAliveMs,
      )
      const timeUp = setTimeout(() => ended.resolve(), maxStreamMs)
      let unsubscribe = () => {}
      try {
        // Sent before any change, so that the client knows that it is connected.
        await stream.write('retry: 3000\n: connected\n\n')
        // Of three hundred opened at once, all but the last eight have ended here: what they missed is not read.
        if (!isOver) unsubscribe = feed.subscribe(ownerId, send, since)
        const why = await ended.promise
        // Not waited for: a client that does not read would keep it from ending.
        if (why === 'displaced') void stream.write(`retry: ${displacedRetryMs}\n\n`)
      } finally {
        countOut()
        clearInterval(keepAlive)
        clearTimeout(timeUp)
        unsubscribe()
        forget()
      }
    })
  })
}
