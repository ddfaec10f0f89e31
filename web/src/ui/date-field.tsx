import { TextField } from './text-field.tsx'
import type { FieldProps } from './field.tsx'

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
