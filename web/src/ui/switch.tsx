import { createUniqueId, Show, type JSX } from 'solid-js'

export interface SwitchProps {
  label: JSX.Element
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  hideLabel?: boolean
  hint?: JSX.Element
}

/** Something that is on or off at once, without saving. */
export function Switch(props: SwitchProps) {
  const id = createUniqueId()
  return (
    <span class="inline-flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => {
          const wanted = event.currentTarget.checked
          props.onChange(wanted)
          // Controlled: the owner of the state moves it.
          event.currentTarget.checked = props.checked
        }}
        class="relative h-5 w-9 shrink-0 appearance-none rounded-full border border-line-strong bg-sunken transition-colors before:absolute before:top-1/2 before:left-0.5 before:size-3.5 before:-translate-y-1/2 before:rounded-full before:bg-line-strong before:transition-all checked:border-accent checked:bg-accent checked:before:translate-x-4 checked:before:bg-on-accent disabled:opacity-50"
      />
      <span class={props.hideLabel ? 'sr-only' : 'min-w-0'}>
        <label for={id}>{props.label}</label>
        <Show when={props.hint}>
          <span id={`${id}-hint`} class="block text-xs text-faint">
            {props.hint}
          </span>
        </Show>
      </span>
    </span>
  )
}
