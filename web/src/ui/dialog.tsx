import { Dialog as Base } from '@kobalte/core/dialog'
import X from 'lucide-solid/icons/x'
import { Show, type JSX } from 'solid-js'
import { t } from '../i18n.ts'
import { IconButton } from './icon-button.tsx'
import { returnFocus } from './overlay.ts'

export interface DialogProps {
  open: boolean
  /** Asked to close: Escape, a click outside, the cross. The owner may refuse (unsaved changes). */
  onClose: () => void
  title: string
  /** Beneath the title. */
  lead?: JSX.Element
  children: JSX.Element
  /** Buttons, at the bottom, always in sight. */
  footer?: JSX.Element
  size?: 'small' | 'medium' | 'large'
  /** A click outside does nothing: for dialogs in which something is typed. */
  modalOnly?: boolean
  /** The focus begins on the dialog itself: its first field would open a list over what is to be read. */
  focusItself?: boolean
  /** No cross: the footer has the one way out. */
  hideClose?: boolean
}

const sizes = { small: 'sm:max-w-md', medium: 'sm:max-w-xl', large: 'sm:max-w-3xl' } as const

/** Over the page; focus stays inside and returns to where it was. On phones it rises from the bottom. */
export function Dialog(props: DialogProps) {
  const giveBack = returnFocus(() => props.open)
  return (
    <Base
      open={props.open}
      onOpenChange={(open) => {
        if (!open) props.onClose()
      }}
    >
      <Base.Portal>
        <Base.Overlay class="fixed inset-0 z-40 animate-appear bg-veil" />
        <div class="fixed inset-0 z-40 flex items-end justify-center sm:items-center sm:p-6">
          <Base.Content
            onOpenAutoFocus={(event) => {
              if (!props.focusItself) return
              event.preventDefault()
              if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
            }}
            onCloseAutoFocus={giveBack}
            class={`relative flex max-h-[94dvh] w-full animate-rise flex-col rounded-t-2xl bg-raised shadow-high sm:max-h-full sm:rounded-2xl ${sizes[props.size ?? 'medium']}`}
            onPointerDownOutside={(event) => {
              if (props.modalOnly) event.preventDefault()
            }}
          >
            <header class="px-5 pt-4 pr-14 pb-3">
              <div class="min-w-0 pt-1">
                <Base.Title class="text-base leading-snug font-semibold text-ink">{props.title}</Base.Title>
                <Show when={props.lead}>
                  <Base.Description class="mt-1 text-soft">{props.lead}</Base.Description>
                </Show>
              </div>
            </header>
            <div class="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 pb-5">{props.children}</div>
            <Show when={props.footer}>
              <footer class="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
                {props.footer}
              </footer>
            </Show>
            {/* Last, so that the focus begins where something is to be read or typed. */}
            <Show when={!props.hideClose}>
              <div class="absolute top-3 right-3">
                <IconButton
                  label={t('action.close')}
                  icon={<X />}
                  size="small"
                  onClick={() => props.onClose()}
                />
              </div>
            </Show>
          </Base.Content>
        </div>
      </Base.Portal>
    </Base>
  )
}
