import { createSignal, Show } from 'solid-js'
import { asFailure } from '../api-failure.ts'
import type { UserJson } from '../api.ts'
import { t } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import type { ComboboxOption } from '../ui/create-choices.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { toast } from '../ui/toast.tsx'
import { AdministratorField } from './administrator-field.tsx'
import { useHandOver } from './people-queries.ts'

/** Gives all of a person's scheduled reports to another administrator. */
export function HandOverDialog(props: { open: boolean; person: UserJson; onClose: () => void }) {
  return (
    <Show when={props.open}>
      <HandOverForm person={props.person} onClose={() => props.onClose()} />
    </Show>
  )
}

function HandOverForm(props: { person: UserJson; onClose: () => void }) {
  const handOver = useHandOver()
  const [chosen, setChosen] = createSignal<ComboboxOption | null>(null)
  const isOwnerGone = () => !props.person.active || props.person.role !== 'admin'
  const [resume, setResume] = createSignal(isOwnerGone())
  const [attempted, setAttempted] = createSignal(false)
  const problem = () => (handOver.isError ? asFailure(handOver.error) : null)

  const save = () => {
    setAttempted(true)
    const owner = chosen()
    if (!owner || handOver.isPending) return
    const count = props.person.scheduled_reports
    handOver.mutate(
      { id: props.person.id, user_id: owner.value, resume: isOwnerGone() && resume() },
      {
        onSuccess: () => {
          toast(t('people.handed_over_toast', { count, owner: owner.label }))
          props.onClose()
        },
      },
    )
  }
  return (
    <Dialog
      open
      modalOnly
      focusItself
      onClose={() => props.onClose()}
      title={t('people.hand_over_title')}
      lead={t('people.hand_over_lead', { count: props.person.scheduled_reports, name: props.person.name })}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{t('action.cancel')}</Button>
          <Button kind="primary" busy={handOver.isPending} onClick={save}>
            {t('people.hand_over_submit')}
          </Button>
        </>
      }
    >
      <div class="flex flex-col gap-4 pt-1">
        <AdministratorField
          except={props.person.id}
          hint={t('people.hand_over_hint')}
          error={problem()?.errorAt('user_id')}
          attempted={attempted()}
          value={chosen()}
          onChange={(owner) => {
            handOver.reset()
            setChosen(owner)
          }}
        />
        <Show when={isOwnerGone()}>
          <Checkbox
            label={t('people.hand_over_resume')}
            hint={t('people.hand_over_resume_hint')}
            checked={resume()}
            onChange={setResume}
          />
        </Show>
        <Show when={problem() && !problem()?.errorAt('user_id')}>
          <ErrorNotice error={handOver.error} />
        </Show>
      </div>
    </Dialog>
  )
}
