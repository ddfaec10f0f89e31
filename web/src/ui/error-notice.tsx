import CircleAlert from 'lucide-solid/icons/circle-alert'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import { Show, type JSX } from 'solid-js'
import { asFailure } from '../api-failure.ts'
import { formatDuration } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { Button } from './button.tsx'

/** An error in words: what happened, and what to do. */
export function describeError(error: unknown): {
  title: string
  detail: string
  reference: string | null
  /** What the reports' database said; only administrators get it. */
  technical?: string | null
} {
  const problem = asFailure(error)
  if (problem.code === 'network') {
    return { title: t('error.network.title'), detail: t('error.network.detail'), reference: null }
  }
  if (problem.code === 'unreadable') {
    return { title: t('error.unexpected.title'), detail: t('error.unexpected.detail'), reference: null }
  }
  if (problem.retryAfter !== null && (problem.code === 'too_many_attempts' || problem.code === 'too_busy')) {
    return {
      title: problem.title,
      detail: t(`error.${problem.code}`, { wait: formatWait(problem.retryAfter) }),
      reference: null,
    }
  }
  // The service's own sentence; its reference only where there is something for IT to look up.
  return {
    title: problem.title,
    detail: problem.detail,
    reference: problem.status >= 500 ? problem.requestId : null,
    technical: problem.sourceAnswer,
  }
}

/** Whole minutes from the first on, rounded up: earlier would be refused again. */
function formatWait(seconds: number): string {
  const rounded = seconds > 60 ? Math.ceil(seconds / 60) * 60 : seconds
  return formatDuration(rounded * 1_000, locale())
}

export interface ErrorNoticeProps {
  error: unknown
  onRetry?: () => void
  retrying?: boolean
  class?: string
}

/** Where something failed: said there, with a way to try again. */
export function ErrorNotice(props: ErrorNoticeProps) {
  const words = () => describeError(props.error)
  return (
    <div
      role="alert"
      class={`flex flex-wrap items-start gap-3 rounded-xl bg-red-soft p-3.5 text-ink ${props.class ?? ''}`}
    >
      <CircleAlert aria-hidden="true" class="mt-px size-[1.125rem] shrink-0 text-red" />
      <div class="min-w-48 flex-1">
        <p class="font-semibold">{words().title}</p>
        <p class="text-soft">{words().detail}</p>
        <Show when={words().technical}>{(said) => <TechnicalWords>{said()}</TechnicalWords>}</Show>
        <Show when={words().reference}>
          {(id) => <p class="mt-1 text-xs wrap-anywhere text-soft">{t('error.reference', { id: id() })}</p>}
        </Show>
      </div>
      <Show when={props.onRetry}>
        <Button size="small" icon={<RotateCw />} busy={props.retrying} onClick={() => props.onRetry?.()}>
          {t('action.retry')}
        </Button>
      </Show>
    </div>
  )
}

/** What another program said, as it is: in its own language, for administrators. */
export function TechnicalWords(props: { children: string }) {
  return <p class="mt-1 font-mono text-xs wrap-anywhere text-soft">{props.children}</p>
}

/** Something a person should look at, and beside it what to do about it, where they can. */
export function AmberNotice(props: { icon: JSX.Element; children: JSX.Element; action?: JSX.Element }) {
  return (
    <div
      role="status"
      class="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl bg-amber-soft p-3.5 text-ink"
    >
      <span aria-hidden="true" class="shrink-0 text-amber [&>svg]:size-[1.125rem]">
        {props.icon}
      </span>
      <p class="figures min-w-48 flex-1">{props.children}</p>
      {props.action}
    </div>
  )
}
