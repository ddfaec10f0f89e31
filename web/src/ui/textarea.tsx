import { splitProps, type JSX } from 'solid-js'
import { Field, type FieldProps } from './field.tsx'

type Area = Omit<
  JSX.TextareaHTMLAttributes<HTMLTextAreaElement>,
  'onInput' | 'onChange' | 'value' | 'id' | 'required'
>

export interface TextareaProps extends FieldProps, Area {
  value: string
  onChange: (value: string) => void
}

/** Several lines; grows with what is typed. */
export function Textarea(props: TextareaProps) {
  const [field, own, rest] = splitProps(
    props,
    ['label', 'hint', 'error', 'required', 'optional', 'hideLabel', 'class'],
    ['value', 'onChange'],
  )
  return (
    <Field {...field}>
      {(ids) => (
        <textarea
          rows={3}
          {...rest}
          id={ids.id}
          class="control [field-sizing:content] max-h-80 min-h-20 resize-y"
          value={own.value}
          onInput={(event) => own.onChange(event.currentTarget.value)}
          aria-required={field.required || undefined}
          aria-invalid={ids.invalid}
          aria-describedby={ids.describedBy}
        />
      )}
    </Field>
  )
}
