import { createSignal, For, Show } from 'solid-js'
import { useChangeMe } from '../account-queries.ts'
import { asFailure } from '../api-failure.ts'
import type { Me } from '../api.ts'
import { t } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Panel } from '../ui/panel.tsx'
import { TextField } from '../ui/text-field.tsx'
import { toast } from '../ui/toast.tsx'
import { ZoneField } from '../ui/zone-field.tsx'

/** What one says of oneself, and what administrators say. The language is beside the way out, on every page. */
export function ProfilePanel(props: { person: Me }) {
  const change = useChangeMe()
  const [name, setName] = createSignal(props.person.name)
  const [zone, setZone] = createSignal(props.person.time_zone)
  const problem = () => (change.isError ? asFailure(change.error) : null)
  const isFieldProblem = () => Boolean(problem()?.errorAt('name') ?? problem()?.errorAt('time_zone'))
  const isChanged = () => name().trim() !== props.person.name || zone() !== props.person.time_zone
  const save = (event: SubmitEvent) => {
    event.preventDefault()
    if (change.isPending || !isChanged()) return
    change.mutate(
      { name: name(), time_zone: zone() },
      {
        onSuccess: (me) => {
          setName(me.name)
          toast(t('account.saved_toast'))
        },
      },
    )
  }
  return (
    <Panel title={t('account.profile')}>
      <form noValidate class="flex flex-col gap-4 px-4 pb-4" onSubmit={save}>
        <TextField
          label={t('account.name')}
          name="name"
          autocomplete="name"
          required
          maxLength={100}
          value={name()}
          error={problem()?.errorAt('name')}
          onChange={(text) => {
            change.reset()
            setName(text)
          }}
        />
        <ZoneField
          value={zone()}
          hint={t('account.time_zone_hint')}
          error={problem()?.errorAt('time_zone')}
          onChange={setZone}
        />
        <dl class="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
          <dt class="text-soft">{t('sign_in.email')}</dt>
          <dd class="wrap-anywhere">{props.person.email}</dd>
          <dt class="text-soft">{t('people.column.role')}</dt>
          <dd>{t(`people.role.${props.person.role}`)}</dd>
          <For each={Object.entries(props.person.attributes)}>
            {([attribute, value]) => (
              <>
                <dt class="text-soft">{attribute}</dt>
                <dd class="wrap-anywhere">{value}</dd>
              </>
            )}
          </For>
        </dl>
        <p class="text-xs text-faint">{t('account.by_administrator')}</p>
        <Show when={problem() && !isFieldProblem()}>
          <ErrorNotice error={change.error} />
        </Show>
        <Button kind="primary" type="submit" class="self-end" busy={change.isPending} disabled={!isChanged()}>
          {t('action.save')}
        </Button>
      </form>
    </Panel>
  )
}
