import { Dialog as Base } from '@kobalte/core/dialog'
import X from 'lucide-solid/icons/x'
import { Show, type JSX } from 'solid-js'
import { t } from '../i18n.ts'
import { IconButton } from './icon-button.tsx'
import { returnFocus } from './overlay.ts'

export interface SidePanelProps {
  open: boolean
  onClose: () => void
  title: JSX.Element
  lead?: JSX.Element
  children: JSX.Element
  footer?: JSX.Element
  /** `left` is the phone's navigation; details come from the right. */
  side?: 'left' | 'right'
  /** The title is for screen readers alone. */
  hideTitle?: boolean
}

/** A drawer over the page: one thing's details beside the list it comes from. */
export function SidePanel(props: SidePanelProps) {
  const giveBack = returnFocus(() => props.open)
  let title: HTMLElement | undefined
  const left = () => props.side === 'left'
  return (
    <Base
      open={props.open}
      onOpenChange={(open) => {
        if (!open) props.onClose()
      }}
    >
      <Base.Portal>
        <Base.Overlay class="fixed inset-0 z-40 animate-appear bg-veil" />
        <Base.Content
          onCloseAutoFocus={giveBack}
          onOpenAutoFocus={(event) => {
            // To be read first; the cross, often the only control yet, would show its tooltip.
            event.preventDefault()
            title?.focus({ preventScroll: true })
          }}
          class={`fixed inset-y-0 z-40 flex flex-col bg-raised shadow-high ${left() ? 'left-0 w-72 max-w-[85vw] animate-slide-right' : 'right-0 w-full max-w-lg animate-slide-left'}`}
        >
          <header class={props.hideTitle ? '' : 'border-b border-line py-3.5 pr-14 pl-5'}>
            <div class={props.hideTitle ? 'sr-only' : 'min-w-0 flex-1 pt-1'}>
              <Base.Title
                ref={(element: HTMLElement) => (title = element)}
                tabIndex={-1}
                class="text-base leading-snug font-semibold"
              >
                {props.title}
              </Base.Title>
              <Show when={props.lead}>
                <Base.Description as="div" class="mt-1 text-soft">
                  {props.lead}
                </Base.Description>
              </Show>
            </div>
          </header>
          <div class="min-h-0 flex-1 overflow-y-auto overscroll-contain">{props.children}</div>
          <Show when={props.footer}>
            <footer class="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
              {props.footer}
            </footer>
          </Show>
          {/* Last, so that the focus begins where something is to be read or done. */}
          <div class="absolute top-3 right-3">
            <IconButton label={t('action.close')} icon={<X />} size="small" onClick={() => props.onClose()} />
          </div>
        </Base.Content>
      </Base.Portal>
    </Base>
  )
}
