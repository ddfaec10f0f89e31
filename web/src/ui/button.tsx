import { Show, splitProps, type JSX } from 'solid-js'

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger'

export interface ButtonProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  /** `secondary` unless given; at most one `primary` in sight. */
  kind?: ButtonKind
  size?: 'small' | 'medium'
  /** Before the text; decorative. */
  icon?: JSX.Element
  /** Something was started by this button: it cannot be pressed again, and keeps its focus and its words. */
  busy?: boolean
}

const kinds: Readonly<Record<ButtonKind, string>> = {
  primary: 'border-transparent bg-accent text-on-accent shadow-low hover:bg-accent-strong',
  secondary: 'border-line-strong/60 bg-surface text-ink shadow-low hover:bg-hover',
  quiet: 'border-transparent text-soft hover:bg-hover hover:text-ink',
  danger: 'border-transparent bg-red text-surface shadow-low hover:brightness-110',
}

/** The look of a button, for links that are one. */
export function buttonClass(kind: ButtonKind = 'secondary', size: 'small' | 'medium' = 'medium'): string {
  const sizes = size === 'small' ? 'h-8 gap-1.5 px-2.5 text-[0.8125rem]' : 'h-9 gap-2 px-3.5'
  return `inline-flex shrink-0 items-center justify-center rounded-lg border font-medium whitespace-nowrap transition-colors select-none disabled:opacity-55 aria-disabled:opacity-55 ${sizes} ${kinds[kind]}`
}

export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, [
    'kind',
    'size',
    'icon',
    'busy',
    'class',
    'children',
    'onClick',
    'type',
  ])
  return (
    <button
      {...rest}
      type={own.type ?? 'button'}
      class={`${buttonClass(own.kind, own.size)} ${own.class ?? ''}`}
      aria-busy={own.busy || undefined}
      aria-disabled={own.busy || undefined}
      onClick={(event) => {
        if (own.busy) return event.preventDefault()
        if (typeof own.onClick === 'function') own.onClick(event)
      }}
    >
      <Show when={own.icon}>
        <span aria-hidden="true" class="-ml-0.5 grid size-4 shrink-0 place-items-center [&>svg]:size-4">
          {own.icon}
        </span>
      </Show>
      {own.children}
    </button>
  )
}
