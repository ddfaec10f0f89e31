import type { JSX } from 'solid-js'
import { roles, type Role } from '#domain/schemas/me-schema.ts'
import { t } from '../i18n.ts'
import { Select } from '../ui/select.tsx'

/** What a person may do. */
export function RoleField(props: {
  value: Role
  onChange: (role: Role) => void
  hint: JSX.Element
  disabled?: boolean
  error?: string
}) {
  return (
    <Select<Role>
      label={t('people.column.role')}
      hint={props.hint}
      disabled={props.disabled}
      error={props.error}
      value={props.value}
      // The one with fewer rights first.
      options={roles.toReversed().map((value) => ({ value, label: t(`people.role.${value}`) }))}
      onChange={(role) => props.onChange(role)}
    />
  )
}
