import Eye from 'lucide-solid/icons/eye'
import EyeOff from 'lucide-solid/icons/eye-off'
import { createSignal } from 'solid-js'
import { t } from '../i18n.ts'
import type { FieldProps } from './field.tsx'
import { IconButton } from './icon-button.tsx'
import { TextField } from './text-field.tsx'

export interface PasswordFieldProps extends FieldProps {
  value: string
  onChange: (password: string) => void
  /** What password managers are to do: fill in, or propose a new one. */
  autocomplete: 'current-password' | 'new-password'
}

/** A password, which can be shown. */
export function PasswordField(props: PasswordFieldProps) {
  const [shown, setShown] = createSignal(false)
  return (
    <div class="relative">
      <TextField
        {...props}
        type={shown() ? 'text' : 'password'}
        name={props.autocomplete}
        spellcheck={false}
        autocapitalize="off"
      />
      <div class="absolute top-[1.6875rem] right-0.5">
        <IconButton
          label={t('password.show', { field: props.label })}
          icon={shown() ? <EyeOff /> : <Eye />}
          size="small"
          aria-pressed={shown()}
          onClick={() => setShown(!shown())}
        />
      </div>
    </div>
  )
}
