import { Show, type JSX } from 'solid-js'

export type BadgeTone = 'grey' | 'orange' | 'green' | 'red' | 'amber' | 'accent' | 'outline'

const tones: Readonly<Record<BadgeTone, string>> = {
  grey: 'bg-grey-soft text-grey',
  orange: 'bg-orange-soft text-orange',
  green: 'bg-green-soft text-green',
  red: 'bg-red-soft text-red',
  amber: 'bg-amber-soft text-amber',
  accent: 'bg-accent-soft text-accent-strong',
  outline: 'text-soft inset-ring inset-ring-line-strong',
}

/** A short word with a mark before it: the mark's shape says what the colour says. */
export function Badge(props: { tone: BadgeTone; mark?: JSX.Element; children: JSX.Element; title?: string }) {
  return (
    <span
      class={`inline-flex h-[1.375rem] items-center gap-1.5 rounded-full px-2 text-xs font-medium whitespace-nowrap ${tones[props.tone]}`}
      title={props.title}
    >
      <Show when={props.mark}>
        <span aria-hidden="true" class="grid size-3.5 shrink-0 place-items-center [&>svg]:size-3.5">
          {props.mark}
        </span>
      </Show>
      {props.children}
    </span>
  )
}
