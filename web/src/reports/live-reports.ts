/**
 * Puts changed reports into the query cache, by server-sent events. Without a connection lists are polled
 * (see query-client.ts); on reconnection they are read once, so that nothing in between is missed.
 */

import { throttle } from '@solid-primitives/scheduled'
import { useQueryClient, type QueryClient } from '@tanstack/solid-query'
import { onCleanup, onMount } from 'solid-js'
import type { ReportJson } from '../api.ts'
import { basePath } from '../base-path.ts'
import { setLiveState } from '../query-client.ts'
import { queryKeys } from '../query-keys.ts'
import { cachedReport, cacheReport } from './report-queries.ts'

const minRetryMs = 2_000
const maxRetryMs = 60_000
/** Changes within this time cause one invalidation of the lists. */
const throttleMs = 400

/** Open while a person is signed in and the tab is visible: hidden tabs would use up the browser's few connections. */
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
  let retryMs = minRetryMs
  let wasOpen = false
  const invalidateLists = throttle(() => {
    void client.invalidateQueries({ queryKey: queryKeys.reportLists })
    void client.invalidateQueries({ queryKey: queryKeys.allScheduled })
  }, throttleMs)

  const open = () => {
    if (source || document.hidden) return
    source = new EventSource(`${basePath}/v1/reports/events`)
    source.addEventListener('open', () => {
      retryMs = minRetryMs
      setLiveState('live')
      if (wasOpen) invalidateLists()
      wasOpen = true
    })
    source.addEventListener('report', (event: MessageEvent<string>) => {
      const report = JSON.parse(event.data) as ReportJson
      const known =
        client.getQueryData<ReportJson>(queryKeys.report(report.number)) ??
        cachedReport(client, report.number)
      cacheReport(client, report)
      // A new one, or one whose filters, counts or occurrences may differ now; progress alone changes none of these.
      if (!known || known.status !== report.status || known.delivery !== report.delivery) invalidateLists()
    })
    source.addEventListener('error', () => {
      setLiveState('polling')
      // CONNECTING: the browser retries by itself. CLOSED: the answer was an error, and it gave up.
      if (source?.readyState !== EventSource.CLOSED) return
      close()
      // If the session ended, reading the account says so and leads to sign-in.
      void client.invalidateQueries({ queryKey: queryKeys.me })
      retry = setTimeout(open, retryMs)
      retryMs = Math.min(retryMs * 2, maxRetryMs)
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
    invalidateLists.clear()
    close()
  }
}
