import KeyRound from 'lucide-solid/icons/key-round'
import { createSignal, For, Show } from 'solid-js'
import type { ApiKey } from '../api.ts'
import { formatDate, formatList } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Panel } from '../ui/panel.tsx'
import { RelativeTime, useNow } from '../ui/relative-time.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { toast } from '../ui/toast.tsx'
import { NewApiKeyDialog } from './new-api-key-dialog.tsx'
import { useApiKeys, useDeleteApiKey } from './own-access-queries.ts'

/** What programs sign in with in one's name. */
export function ApiKeysPanel(props: { class?: string; isAdmin: boolean }) {
  const keys = useApiKeys()
  const remove = useDeleteApiKey()
  const now = useNow()
  const [making, setMaking] = createSignal(false)
  const [picked, setPicked] = createSignal<ApiKey>()
  const [asking, setAsking] = createSignal(false)
  const ask = (key: ApiKey) => {
    remove.reset()
    setPicked(key)
    setAsking(true)
  }
  const confirm = () => {
    const key = picked()
    if (!key) return
    remove.mutate(key.id, {
      onSuccess: () => {
        setAsking(false)
        toast(t('keys.deleted_toast', { name: key.name }))
      },
    })
  }
  return (
    <Panel
      title={t('keys.title')}
      lead={t('keys.lead')}
      class={props.class}
      actions={
        <Button size="small" icon={<KeyRound />} onClick={() => setMaking(true)}>
          {t('keys.new')}
        </Button>
      }
    >
      <Show when={keys.isError}>
        <ErrorNotice
          class="mx-4 mb-4"
          error={keys.error}
          onRetry={() => void keys.refetch()}
          retrying={keys.isFetching}
        />
      </Show>
      <Show when={keys.isPending}>
        <div class="px-4 pb-4">
          <SkeletonLines count={2} />
        </div>
      </Show>
      <Show when={keys.data?.length === 0}>
        <p class="px-4 pb-4 text-soft">{t('keys.none')}</p>
      </Show>
      <Show when={keys.data?.length}>
        <ul class="divide-y divide-line border-t border-line" aria-label={t('keys.title')}>
          <For each={keys.data}>
            {(key) => (
              <li class="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
                <div class="min-w-0 flex-1 basis-48">
                  <p class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <span class="font-medium wrap-anywhere">{key.name}</span>
                    <code class="text-xs text-faint">{key.start}…</code>
                    <Show when={new Date(key.expires_at) <= now()}>
                      <Badge tone="outline">{t('keys.expired')}</Badge>
                    </Show>
                  </p>
                  <p class="text-xs text-soft">
                    {formatList(
                      key.scopes.map((scope) => t(`keys.scope.${scope}`)),
                      locale(),
                    )}
                  </p>
                  <p class="text-xs text-faint">
                    {t('keys.expires', { date: formatDate(key.expires_at, 'date', locale(), timeZone()) })} ·{' '}
                    <Show when={key.last_used_at} fallback={t('keys.never_used')}>
                      {(at) => (
                        <>
                          {t('keys.last_used')} <RelativeTime at={at()} />
                        </>
                      )}
                    </Show>
                  </p>
                </div>
                <Button
                  size="small"
                  aria-label={t('keys.delete_which', { name: key.name })}
                  onClick={() => ask(key)}
                >
                  {t('action.delete')}
                </Button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <NewApiKeyDialog open={making()} isAdmin={props.isAdmin} onClose={() => setMaking(false)} />
      <ConfirmDialog
        open={asking()}
        title={t('keys.confirm', { name: picked()?.name ?? '' })}
        confirmLabel={t('action.delete')}
        danger
        busy={remove.isPending}
        error={remove.error}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      >
        <p>{t('keys.confirm_detail')}</p>
      </ConfirmDialog>
    </Panel>
  )
}
