import { createMemo, createSignal, Show } from 'solid-js'
import { asFailure } from '../api-failure.ts'
import type { ScheduledReportJson } from '../api.ts'
import { createDebounced } from '../query-client.ts'
import { t } from '../i18n.ts'
import { useChangeOwner, useScheduledReportToEdit } from './scheduled-report-queries.ts'
import { useMe } from '../account-queries.ts'
import { useUsers } from '../people/people-queries.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { OwnerBadge } from './pause-note.tsx'
import { toast } from '../ui/toast.tsx'

/** As many as a list can be read through; typing finds the others. */
const maxOffered = 50

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
  const me = useMe()
  const change = useChangeOwner()
  // Read anew: the ETag sent with the change is that of the version shown.
  const latest = useScheduledReportToEdit(
    () => props.report.id,
    () => true,
  )
  const report = () => latest.data?.value ?? props.report
  const [typed, setTyped] = createSignal('')
  const [chosen, setChosen] = createSignal<{ value: string; label: string } | null>(null)
  const asked = createDebounced(typed, 200)
  const people = useUsers(() => ({
    role: 'admin' as const,
    active: true,
    page_size: maxOffered,
    q: asked().trim() || undefined,
  }))
  const options = createMemo(() =>
    (people.data?.items ?? [])
      .filter(({ id }) => id !== report().user_id)
      .map(({ id, name, email }) => ({
        value: id,
        label: id === me.data?.id ? t('owner.oneself', { name }) : name,
        detail: email,
      })),
  )
  /** No other administrator to give it to, whatever is typed. */
  const isAlone = () => people.isSuccess && asked() === '' && options().length === 0
  const [resume, setResume] = createSignal(!props.report.owner_active)
  const [attempted, setAttempted] = createSignal(false)
  const problem = () => (change.isError ? asFailure(change.error) : null)
  const fault = () =>
    problem()?.errorAt('user_id') ?? (attempted() && !chosen() ? t('owner.choose') : undefined)

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
        <Combobox
          label={t('owner.new')}
          required
          placeholder={t('owner.search')}
          hint={isAlone() ? t('owner.nobody_else') : t('owner.hint')}
          error={fault()}
          value={chosen()?.value ?? null}
          options={options()}
          onSearch={(text) => setTyped(text === chosen()?.label ? '' : text)}
          onChange={(value) => setChosen(options().find((option) => option.value === value) ?? null)}
        />
        <Show when={!report().enabled}>
          <Checkbox
            label={t('owner.resume')}
            hint={t('owner.resume_hint')}
            checked={resume()}
            onChange={setResume}
          />
        </Show>
        <Show when={people.isError}>
          <ErrorNotice
            error={people.error}
            onRetry={() => void people.refetch()}
            retrying={people.isFetching}
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
