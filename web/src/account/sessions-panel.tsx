import { For, Show } from 'solid-js'
import type { Session } from '../api.ts'
import { t } from '../i18n.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Panel } from '../ui/panel.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { toast, toastError } from '../ui/toast.tsx'
import { browserName } from './browser-name.ts'
import { useEndSession, useSessions } from './own-access-queries.ts'

/** Where one is signed in, and ending the sessions one does not recognise. */
export function SessionsPanel(props: { class?: string }) {
  const sessions = useSessions()
  const end = useEndSession()
  const endSession = (session: Session) =>
    end.mutate(session.id, {
      onSuccess: () => toast(t('sessions.ended_toast', { session: nameOf(session) })),
      onError: (error) => toastError(error),
    })
  return (
    <Panel title={t('sessions.title')} lead={t('sessions.lead')} class={props.class}>
      <Show when={sessions.isError}>
        <ErrorNotice
          class="mx-4 mb-4"
          error={sessions.error}
          onRetry={() => void sessions.refetch()}
          retrying={sessions.isFetching}
        />
      </Show>
      <Show when={sessions.isPending}>
        <div class="px-4 pb-4">
          <SkeletonLines count={2} />
        </div>
      </Show>
      <ul class="divide-y divide-line border-t border-line" aria-label={t('sessions.title')}>
        <For each={sessions.data}>
          {(session) => (
            <li class="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
              <div class="min-w-0 flex-1 basis-56">
                <p
                  class="flex flex-wrap items-center gap-2 font-medium"
                  title={session.user_agent ?? undefined}
                >
                  {nameOf(session)}
                  <Show when={session.is_current}>
                    <Badge tone="accent">{t('sessions.current')}</Badge>
                  </Show>
                </p>
                <p class="text-xs text-faint">
                  <Show when={session.ip_address}>{(address) => <>{address()} · </>}</Show>
                  {t('sessions.since')} <RelativeTime at={session.created_at} />
                </p>
              </div>
              <Show when={!session.is_current}>
                <Button
                  size="small"
                  aria-label={t('sessions.end_which', { session: nameOf(session) })}
                  busy={end.isPending && end.variables === session.id}
                  onClick={() => endSession(session)}
                >
                  {t('sessions.end')}
                </Button>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Panel>
  )
}

/** « Firefox, Windows ». */
function nameOf({ user_agent: userAgent }: Session): string {
  const { browser, system } = browserName(userAgent ?? '')
  return [browser ?? t('sessions.unknown_browser'), system].filter(Boolean).join(', ')
}
