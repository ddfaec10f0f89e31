import CircleAlert from 'lucide-solid/icons/circle-alert'
import { createSignal, Show } from 'solid-js'
import type { Role } from '#domain/schemas/me-schema.ts'
import { useConfiguration, useMe } from '../account-queries.ts'
import { asFailure } from '../api-failure.ts'
import type { UserChange, UserJson } from '../api.ts'
import { t } from '../i18n.ts'
import { Checkbox } from '../ui/checkbox.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { TextField } from '../ui/text-field.tsx'
import { toast } from '../ui/toast.tsx'
import { attributeDraft, attributesOf, isSameAttributes } from './attribute-draft.ts'
import { AttributesField } from './attributes-field.tsx'
import { useChangePerson } from './people-queries.ts'
import { RoleField } from './role-field.tsx'

/** Changes a person's name, role and attributes, and says before what follows. */
export function EditPersonDialog(props: { open: boolean; person: UserJson; onClose: () => void }) {
  return (
    <Show when={props.open}>
      <EditPersonForm person={props.person} onClose={() => props.onClose()} />
    </Show>
  )
}

function EditPersonForm(props: { person: UserJson; onClose: () => void }) {
  const me = useMe()
  const configuration = useConfiguration()
  const edit = useChangePerson()
  // The draft begins as the person is; a refetch must not take away what was typed.
  const before = props.person
  const [name, setName] = createSignal(before.name)
  const [role, setRole] = createSignal<Role>(before.role)
  const [linkable, setLinkable] = createSignal(before.linkable)
  const [attributes, setAttributes] = createSignal(attributeDraft(before.attributes))
  const isOneself = () => props.person.id === me.data?.id
  const problem = () => (edit.isError ? asFailure(edit.error) : null)

  const change = (): UserChange => {
    const wanted = attributesOf(attributes())
    return {
      ...(name().trim() === before.name ? {} : { name: name() }),
      ...(role() === before.role ? {} : { role: role() }),
      ...(linkable() === before.linkable ? {} : { linkable: linkable() }),
      ...(isSameAttributes(wanted, before.attributes) ? {} : { attributes: wanted }),
    }
  }
  const save = () => {
    if (edit.isPending) return
    const wanted = change()
    if (Object.keys(wanted).length === 0) return props.onClose()
    edit.mutate(
      { id: props.person.id, change: wanted },
      {
        onSuccess: () => {
          toast(t('people.changed_toast', { name: wanted.name?.trim() ?? before.name }))
          props.onClose()
        },
      },
    )
  }
  return (
    <FormDialog
      focusItself
      onClose={() => props.onClose()}
      title={t('people.edit_whom', { name: before.name })}
      lead={before.email}
      submit={t('action.save')}
      busy={edit.isPending}
      onSubmit={save}
      error={edit.error}
    >
      <div class="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('account.name')}
          required
          autocomplete="off"
          maxLength={100}
          value={name()}
          error={problem()?.errorAt('name')}
          onChange={(text) => {
            edit.reset()
            setName(text)
          }}
        />
        <RoleField
          value={role()}
          disabled={isOneself()}
          error={problem()?.errorAt('role')}
          hint={isOneself() ? t('people.own_role') : t(`people.role_hint.${role()}`)}
          onChange={setRole}
        />
      </div>
      <Show when={role() !== before.role}>
        <div
          role="status"
          class="flex items-start gap-3 rounded-xl bg-amber-soft p-3.5 [&>svg]:mt-px [&>svg]:size-[1.125rem] [&>svg]:shrink-0 [&>svg]:text-amber"
        >
          <CircleAlert aria-hidden="true" />
          <p>
            {role() === 'user'
              ? t('people.demotion', { count: props.person.enabled_scheduled_reports })
              : t('people.promotion')}
            <Show when={props.person.has_provider}> {t('people.provider_role')}</Show>
          </p>
        </div>
      </Show>
      <AttributesField
        draft={attributes()}
        onChange={setAttributes}
        error={problem()?.errorAt('attributes')}
      />
      <Show when={configuration.data?.single_sign_on}>
        <Checkbox
          label={t(props.person.has_provider ? 'people.link_anew' : 'people.link')}
          hint={t('people.link_hint', { email: props.person.email })}
          checked={linkable()}
          onChange={setLinkable}
        />
      </Show>
    </FormDialog>
  )
}
