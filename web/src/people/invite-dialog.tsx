import { createSignal, Show } from 'solid-js'
import { locales, type Locale } from '#domain/locale.ts'
import type { Role } from '#domain/schemas/me-schema.ts'
import { asFailure } from '../api-failure.ts'
import { locale, t } from '../i18n.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Select } from '../ui/select.tsx'
import { TextField } from '../ui/text-field.tsx'
import { toast } from '../ui/toast.tsx'
import { attributeDraft, attributesOf } from './attribute-draft.ts'
import { AttributesField } from './attributes-field.tsx'
import { useInvite } from './people-queries.ts'
import { RoleField } from './role-field.tsx'

/** Opens an account and sends its person a link. */
export function InviteDialog(props: { open: boolean; onClose: () => void }) {
  return (
    <Show when={props.open}>
      <InviteForm onClose={() => props.onClose()} />
    </Show>
  )
}

function InviteForm(props: { onClose: () => void }) {
  const invite = useInvite()
  const [email, setEmail] = createSignal('')
  const [name, setName] = createSignal('')
  const [role, setRole] = createSignal<Role>('user')
  const [language, setLanguage] = createSignal<Locale>(locale())
  const [attributes, setAttributes] = createSignal(attributeDraft())
  const [attempted, setAttempted] = createSignal(false)
  const problem = () => (invite.isError ? asFailure(invite.error) : null)
  const emailFault = () =>
    problem()?.errorAt('email') ??
    (attempted() && email().trim() === '' ? t('people.email_missing') : undefined)

  const send = () => {
    setAttempted(true)
    if (email().trim() === '' || invite.isPending) return
    invite.mutate(
      {
        email: email().trim(),
        name: name().trim() || undefined,
        role: role(),
        locale: language(),
        attributes: attributesOf(attributes()),
      },
      {
        onSuccess: () => {
          toast(t('people.invited_toast', { email: email().trim() }))
          props.onClose()
        },
      },
    )
  }
  return (
    <FormDialog
      onClose={() => props.onClose()}
      title={t('people.invite')}
      lead={t('people.invite_lead')}
      submit={t('people.invite_submit')}
      busy={invite.isPending}
      onSubmit={send}
      error={invite.error}
    >
      <div class="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('sign_in.email')}
          type="email"
          autocomplete="off"
          inputmode="email"
          required
          maxLength={254}
          value={email()}
          error={emailFault()}
          onChange={(text) => {
            invite.reset()
            setEmail(text)
          }}
        />
        <TextField
          label={t('account.name')}
          optional
          autocomplete="off"
          maxLength={100}
          value={name()}
          error={problem()?.errorAt('name')}
          onChange={setName}
        />
        <RoleField value={role()} onChange={setRole} hint={t(`people.role_hint.${role()}`)} />
        <Select<Locale>
          label={t('people.language')}
          hint={t('people.language_hint')}
          value={language()}
          options={locales.map((value) => ({ value, label: t(`language.${value}`) }))}
          onChange={setLanguage}
        />
      </div>
      <AttributesField
        draft={attributes()}
        onChange={setAttributes}
        error={problem()?.errorAt('attributes')}
      />
    </FormDialog>
  )
}
