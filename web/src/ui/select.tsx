import ChevronDown from 'lucide-solid/icons/chevron-down'
import { For } from 'solid-js'
import { Field, type FieldProps } from './field.tsx'

export interface SelectOption<Value extends string> {
  value: Value
  label: string
  disabled?: boolean
}

export interface SelectProps<Value extends string> extends FieldProps {
  value: Value
  options: readonly SelectOption<Value>[]
  onChange: (value: Value) => void
  disabled?: boolean
}

/** The platform's own list: it works by keyboard, on phones and with every screen reader as people know it. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  return (
    <Field {...props}>
      {(ids) => (
        <div class="relative">
          <select
            id={ids.id}
            class="control appearance-none truncate pr-8"
            disabled={props.disabled}
            aria-required={props.required || undefined}
            aria-invalid={ids.invalid}
            aria-describedby={ids.describedBy}
            onChange={(event) => props.onChange(event.currentTarget.value as Value)}
          >
            <For each={props.options}>
              {(option) => (
                <option
                  value={option.value}
                  selected={option.value === props.value}
                  disabled={option.disabled}
                  class="bg-raised text-ink"
                >
                  {option.label}
                </option>
              )}
            </For>
          </select>
          <ChevronDown
            aria-hidden="true"
            class="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-faint"
          />
        </div>
      )}
    </Field>
  )
}
