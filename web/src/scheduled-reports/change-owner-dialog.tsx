import { createSignal, Show } from 'solid-js'
import { asFailure } from '../api-failure.ts'
import type { ScheduledReportJson } from '../api.ts'
import { t } from '../i18n.ts'
import { useChangeOwner, useScheduledReportToEdit } from './scheduled-report-queries.ts'
import { AdministratorField } from '../people/administrator-field.tsx'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import type { ComboboxOption } from '../ui/create-choices.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { OwnerBadge } from './pause-note.tsx'
import { toast } from '../ui/toast.tsx'

/** Gives a scheduled report to another administrator, and resumes it if wanted. */
export function ChangeOwnerDialog(props: {
  open: boolean
  report: ScheduledReportJson | undefined
  onClose: () => void
}) {
  return (
    <Show when={props.open && props.report}>
      {(report) => <ChangeOwnerForm report={report()} onClose={() => props.onClose()} />}
    </Show>
  )
}

function ChangeOwnerForm(props: { report: ScheduledReportJson; onClose: () => void }) {
  const change = useChangeOwner()
  // Read anew: the ETag sent with the change is that of the version shown.
  const latest = useScheduledReportToEdit(
    () => props.report.id,
    () => true,
  )
  const report = () => latest.data?.value ?? props.report
  const [chosen, setChosen] = createSignal<ComboboxOption | null>(null)
  const [resume, setResume] = createSignal(!props.report.owner_active)
  const [attempted, setAttempted] = createSignal(false)
  const problem = () => (change.isError ? asFailure(change.error) : null)

  const save = () => {
    setAttempted(true)
    const owner = chosen()
    if (!owner || !latest.data) return
    change.mutate(
      {
        id: props.report.id,
        user_id: owner.value,
        enabled: !report().enabled && resume() ? true : undefined,
        etag: latest.data.etag,
      },
      {
        onSuccess: ({ value }) => {
          toast(t('owner.changed_toast', { name: value.name, owner: value.user_name }))
          props.onClose()
        },
        // Changed meanwhile: it is read again, so that the next try is about what is shown.
        onError: (error) => {
          if (asFailure(error).code === 'stale_version') void latest.refetch()
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
      title={t('owner.title')}
      lead={report().name}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{t('action.cancel')}</Button>
          <Button
            kind="primary"
            busy={change.isPending}
            disabled={!latest.isSuccess || latest.isFetching}
            onClick={save}
          >
            {t('owner.submit')}
          </Button>
        </>
      }
    >
      <div class="flex flex-col gap-4 pt-1">
        <p class="flex flex-wrap items-center gap-x-2 gap-y-1 text-soft">
          {t('owner.present', { name: report().user_name })}
          <Show when={!report().owner_active}>
            <OwnerBadge />
          </Show>
        </p>
        <AdministratorField
          except={report().user_id}
          hint={t('owner.hint')}
          error={problem()?.errorAt('user_id')}
          attempted={attempted()}
          value={chosen()}
          onChange={setChosen}
        />
        <Show when={!report().enabled}>
          <Checkbox
            label={t('owner.resume')}
            hint={t('owner.resume_hint')}
            checked={resume()}
            onChange={setResume}
          />
        </Show>
        <Show when={latest.isError}>
          <ErrorNotice
            error={latest.error}
            onRetry={() => void latest.refetch()}
            retrying={latest.isFetching}
          />
        </Show>
        <Show when={problem() && !problem()?.errorAt('user_id')}>
          <ErrorNotice
            error={change.error}
            onRetry={problem()?.isTemporary ? save : undefined}
            retrying={change.isPending}
          />
        </Show>
      </div>
    </Dialog>
  )
}
