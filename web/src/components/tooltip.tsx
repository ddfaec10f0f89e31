import { Tooltip as Base } from '@kobalte/core/tooltip'
import { type JSX } from 'solid-js'

export interface TooltipProps {
  text: JSX.Element
  /** Exactly one element that can be focused: a button or a link, or something with tabindex. */
  children: JSX.Element
  placement?: 'top' | 'bottom' | 'left' | 'right'
  /** The text is the element's name already: it is not read again as its description. */
  isName?: boolean
}

/** More about something, on hover and on focus; Escape closes it. Never the only place of what one must know. */
export function Tooltip(props: TooltipProps) {
  return (
    <Base
      gutter={6}
      openDelay={350}
      closeDelay={80}
      skipDelayDuration={250}
      placement={props.placement ?? 'top'}
    >
      <Base.Trigger as="span" class="inline-flex max-w-full" tabIndex={undefined} role="presentation">
        {props.children}
      </Base.Trigger>
      <Base.Portal>
        <Base.Content
          aria-hidden={props.isName || undefined}
          class="z-50 max-w-72 animate-appear rounded-md bg-ink px-2.5 py-1.5 text-xs leading-snug text-surface shadow-high"
        >
          {props.text}
        </Base.Content>
      </Base.Portal>
    </Base>
  )
}
