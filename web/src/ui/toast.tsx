import Check from 'lucide-solid/icons/check'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import X from 'lucide-solid/icons/x'
import { createSignal, For, onCleanup, Show } from 'solid-js'
import { t } from '../i18n.ts'
import { describeError } from './error-notice.tsx'

interface Toast {
  id: number
  text: string
  tone: 'done' | 'failed'
  action?: { label: string; run: () => void }
}

const [toasts, setToasts] = createSignal<readonly Toast[]>([])
let last = 0

const shownForMs = 6_000
/** Time to read it, decide, and get there. */
const undoableForMs = 10_000
const maxShown = 4

/** Says that something was done; with `onUndo`, lets the person take it back. @returns how to hide it. */
export function toast(text: string, options: { onUndo?: () => void; undoLabel?: string } = {}): () => void {
  const { onUndo, undoLabel } = options
  return show({
    text,
    tone: 'done',
    action: onUndo && { label: undoLabel ?? t('action.undo'), run: onUndo },
  })
}

/** Says that something failed where no place on the page can. */
export function toastError(error: unknown, options: { onRetry?: () => void } = {}): () => void {
  const { title, detail } = describeError(error)
  return show({
    text: detail || title,
    tone: 'failed',
    action: options.onRetry && { label: t('action.retry'), run: options.onRetry },
  })
}

function show(wanted: Omit<Toast, 'id'>): () => void {
  const id = ++last
  setToasts((shown) => [...shown, { ...wanted, id }].slice(-maxShown))
  return () => hide(id)
}

function hide(id: number): void {
  setToasts((shown) => shown.filter((one) => one.id !== id))
}

/** Where toasts appear: once, in the app. They wait while the pointer or the focus is on them. */
export function ToastRegion() {
  return (
    <div
      role="region"
      aria-label="Notifications"
      class="pointer-events-none fixed inset-x-0 bottom-0 z-[60] flex flex-col items-center gap-2 p-4 sm:items-end"
    >
      <div role="status" aria-live="polite" class="contents">
        <For each={toasts()}>{(one) => <ToastCard toast={one} />}</For>
      </div>
    </div>
  )
}

function ToastCard(props: { toast: Toast }) {
  const forMs = props.toast.action ? undoableForMs : shownForMs
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = () => {
    clearTimeout(timer)
    timer = undefined
  }
  const go = () => {
    wait()
    timer = setTimeout(() => hide(props.toast.id), forMs)
  }
  go()
  onCleanup(wait)
  return (
    <div
      class="pointer-events-auto flex w-full max-w-sm animate-rise items-center gap-3 rounded-xl bg-ink py-2 pr-2 pl-3.5 text-surface shadow-high"
      onPointerEnter={wait}
      onPointerLeave={go}
      onFocusIn={wait}
      onFocusOut={go}
    >
      <Show
        when={props.toast.tone === 'done'}
        fallback={<CircleAlert aria-hidden="true" class="size-[1.125rem] shrink-0" />}
      >
        <Check aria-hidden="true" class="size-[1.125rem] shrink-0" />
      </Show>
      <p class="min-w-0 flex-1 py-1">{props.toast.text}</p>
      <Show when={props.toast.action}>
        {(action) => (
          <button
            type="button"
            class="rounded-md px-2 py-1 font-semibold whitespace-nowrap underline decoration-surface/50 underline-offset-4 outline-surface hover:decoration-surface"
            onClick={() => {
              hide(props.toast.id)
              action().run()
            }}
          >
            {action().label}
          </button>
        )}
      </Show>
      <button
        type="button"
        aria-label={t('action.dismiss')}
        class="grid size-7 place-items-center rounded-md opacity-80 outline-surface hover:opacity-100"
        onClick={() => hide(props.toast.id)}
      >
        <X aria-hidden="true" class="size-4" />
      </button>
    </div>
  )
}
