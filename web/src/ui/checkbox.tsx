import Check from 'lucide-solid/icons/check'
import Minus from 'lucide-solid/icons/minus'
import { createEffect, createUniqueId, Show, type JSX } from 'solid-js'

export interface CheckboxProps {
  label: JSX.Element
  checked: boolean
  onChange: (checked: boolean) => void
  hint?: JSX.Element
  disabled?: boolean
  /** Some of what it stands for is chosen. */
  mixed?: boolean
  hideLabel?: boolean
  class?: string
}

export function Checkbox(props: CheckboxProps) {
  const id = createUniqueId()
  let input: HTMLInputElement | undefined
  createEffect(() => {
    if (input) input.indeterminate = props.mixed ?? false
  })
  return (
    <div class={`flex items-start gap-2.5 ${props.class ?? ''}`}>
      <span class="relative mt-0.5 grid size-4 shrink-0 place-items-center">
        <input
          ref={(element) => (input = element)}
          id={id}
          type="checkbox"
          class="peer size-4 appearance-none rounded-[0.3125rem] border border-line-strong bg-surface transition-colors checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent hover:border-soft disabled:opacity-50"
          checked={props.checked}
          disabled={props.disabled}
          aria-describedby={props.hint ? `${id}-hint` : undefined}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
        <span
          aria-hidden="true"
          class="pointer-events-none absolute text-on-accent [&>svg]:size-3 [&>svg]:stroke-[3]"
        >
          <Show
            when={props.mixed}
            fallback={
              <Show when={props.checked}>
                <Check />
              </Show>
            }
          >
            <Minus />
          </Show>
        </span>
      </span>
      <span class={props.hideLabel ? 'sr-only' : 'min-w-0'}>
        <label for={id}>{props.label}</label>
        <Show when={props.hint}>
          <span id={`${id}-hint`} class="block text-xs text-faint">
            {props.hint}
          </span>
        </Show>
      </span>
    </div>
  )
}
