import { Show, splitProps, type JSX } from 'solid-js'
import { Field, type FieldProps } from './field.tsx'

type Input = Omit<
  JSX.InputHTMLAttributes<HTMLInputElement>,
  'onInput' | 'onChange' | 'value' | 'id' | 'required'
>

export interface TextFieldProps extends FieldProps, Input {
  value: string
  onChange: (value: string) => void
  /** Inside, before the text; decorative. */
  icon?: JSX.Element
}

const fieldKeys = ['label', 'hint', 'error', 'required', 'optional', 'hideLabel', 'class'] as const

export function TextField(props: TextFieldProps) {
  const [field, own, rest] = splitProps(props, fieldKeys, ['value', 'onChange', 'icon'])
  return (
    <Field {...field}>
      {(ids) => (
        <div class="relative">
          <Show when={own.icon}>
            <span
              aria-hidden="true"
              class="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-faint [&>svg]:size-4"
            >
              {own.icon}
            </span>
          </Show>
          <input
            {...rest}
            id={ids.id}
            class={`control ${own.icon ? 'pl-8' : ''}`}
            value={own.value}
            onInput={(event) => own.onChange(event.currentTarget.value)}
            aria-required={field.required || undefined}
            aria-invalid={ids.invalid}
            aria-describedby={ids.describedBy}
          />
        </div>
      )}
    </Field>
  )
}

export interface DateFieldProps extends FieldProps {
  /** `YYYY-MM-DD` (or `YYYY-MM-DDTHH:MM` with `withTime`), empty for none. */
  value: string
  onChange: (value: string) => void
  min?: string
  max?: string
  withTime?: boolean
  disabled?: boolean
}

/** The platform's own date picker: typed or chosen, in the order the reader's country writes dates. */
export function DateField(props: DateFieldProps) {
  return <TextField {...props} type={props.withTime ? 'datetime-local' : 'date'} />
}
