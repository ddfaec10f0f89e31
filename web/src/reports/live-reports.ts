/**
 * Reports as they change, by server-sent events, into the query cache. While the connection is away lists poll
 * (see query-client.ts); when it is back they are read once, so that nothing in between is missed.
 */

import { throttle } from '@solid-primitives/scheduled'
import { useQueryClient, type QueryClient } from '@tanstack/solid-query'
import { onCleanup, onMount } from 'solid-js'
import type { ReportJson } from '../api.ts'
import { setLiveState } from '../query-client.ts'
import { queryKeys } from '../query-keys.ts'
import { listedReport, storeReport } from './report-queries.ts'

const firstRetryMs = 2_000
const longestRetryMs = 60_000
/** Several changes in a row make one look at what they may concern. */
const gatherMs = 400

/** Kept open while somebody is signed in and looks: hidden tabs would use up the browser's few connections. */
export function useLiveReports(): void {
  const client = useQueryClient()
  onMount(() => {
    const stop = watchReports(client)
    onCleanup(stop)
  })
}

export function watchReports(client: QueryClient): () => void {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let retryMs = firstRetryMs
  let wasOpen = false
  const lookAgain = throttle(() => {
    void client.invalidateQueries({ queryKey: queryKeys.reportLists })
    void client.invalidateQueries({ queryKey: queryKeys.allScheduled })
  }, gatherMs)

  const open = () => {
    if (source || document.hidden) return
    source = new EventSource('/v1/reports/events')
    source.addEventListener('open', () => {
      retryMs = firstRetryMs
      setLiveState('live')
      if (wasOpen) lookAgain()
      wasOpen = true
    })
    source.addEventListener('report', (event: MessageEvent<string>) => {
      const report = JSON.parse(event.data) as ReportJson
      const known =
        client.getQueryData<ReportJson>(queryKeys.report(report.number)) ??
        listedReport(client, report.number)
      storeReport(client, report)
      // A new one, or one whose filters, counts or occurrences may differ now; progress alone changes none of these.
      if (!known || known.status !== report.status || known.delivery !== report.delivery) lookAgain()
    })
    source.addEventListener('error', () => {
      setLiveState('polling')
      // CONNECTING: the browser tries by itself. CLOSED: the answer was an error, and it gave up.
      if (source?.readyState !== EventSource.CLOSED) return
      close()
      // Ended with the session? Asking who we are tells, and leads to sign-in.
      void client.invalidateQueries({ queryKey: queryKeys.me })
      retry = setTimeout(open, retryMs)
      retryMs = Math.min(retryMs * 2, longestRetryMs)
    })
  }
  const close = () => {
    source?.close()
    source = undefined
    clearTimeout(retry)
    setLiveState('polling')
  }
  const onVisibility = () => {
    if (document.hidden) close()
    else open()
  }
  const onOnline = () => {
    close()
    open()
  }
  document.addEventListener('visibilitychange', onVisibility)
  window.addEventListener('online', onOnline)
  open()
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    window.removeEventListener('online', onOnline)
    lookAgain.clear()
    close()
  }
}
