import { Tooltip as Base } from '@kobalte/core/tooltip'
import { createEffect, createSignal, createUniqueId, type JSX } from 'solid-js'
import { popupHome } from './overlay.ts'

export interface TooltipProps {
  text: JSX.Element
  /** Exactly one element that can be focused: a button, a link, or something with tabindex. */
  children: JSX.Element
  placement?: 'top' | 'bottom' | 'left' | 'right'
  /** The text is the element's name already: it is not read again as its description. */
  isName?: boolean
}

/** More about something, on hover and on keyboard focus; Escape closes it. Never the only place of what one must know. */
export function Tooltip(props: TooltipProps) {
  const id = createUniqueId()
  const [open, setOpen] = createSignal(false)
  let wrapper: HTMLElement | undefined
  // The description belongs to what has the focus, not to the span around it.
  createEffect(() => {
    const target = wrapper?.firstElementChild
    if (!target || props.isName) return
    if (open()) target.setAttribute('aria-describedby', id)
    else target.removeAttribute('aria-describedby')
  })
  return (
    <Base
      open={open()}
      onOpenChange={setOpen}
      gutter={6}
      openDelay={350}
      closeDelay={80}
      skipDelayDuration={250}
      placement={props.placement ?? 'top'}
    >
      <Base.Trigger<'span'>
        as="span"
        ref={(element: HTMLElement) => (wrapper = element)}
        class="inline-flex max-w-full"
        aria-describedby={undefined}
        onFocusIn={(event: FocusEvent) => {
          if (event.target instanceof Element && event.target.matches(':focus-visible')) setOpen(true)
        }}
        onFocusOut={() => setOpen(false)}
        onClick={() => setOpen(false)}
      >
        {props.children}
      </Base.Trigger>
      <Base.Portal mount={popupHome()}>
        <Base.Content
          id={id}
          aria-hidden={props.isName || undefined}
          class="z-50 max-w-72 animate-appear rounded-md bg-ink px-2.5 py-1.5 text-xs leading-snug text-surface shadow-high"
        >
          {props.text}
        </Base.Content>
      </Base.Portal>
    </Base>
  )
}
