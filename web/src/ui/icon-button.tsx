import { splitProps, type JSX } from 'solid-js'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  /** Its accessible name, shown on hover and focus. */
  label: string
  icon: JSX.Element
  size?: 'small' | 'medium'
}

/** A button that shows an icon alone; its name is its tooltip. */
export function IconButton(props: IconButtonProps) {
  const [own, rest] = splitProps(props, ['label', 'icon', 'size', 'class'])
  return (
    <Tooltip text={own.label} isName>
      <button
        type="button"
        {...rest}
        aria-label={own.label}
        class={`grid shrink-0 place-items-center rounded-lg text-soft transition-colors hover:bg-hover hover:text-ink disabled:opacity-45 disabled:hover:bg-transparent ${own.size === 'small' ? 'size-8' : 'size-9'} ${own.class ?? ''}`}
      >
        <span aria-hidden="true" class="[&>svg]:size-[1.125rem]">
          {own.icon}
        </span>
      </button>
    </Tooltip>
  )
}
