import { createSignal, Show } from 'solid-js'
import type { UserJson } from '../api.ts'
import { t } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { TextField } from '../ui/text-field.tsx'
import { toast } from '../ui/toast.tsx'
import { useAnonymise } from './people-queries.ts'

/** Makes a person unrecognisable, for good: their name is typed first. */
export function AnonymiseDialog(props: { open: boolean; person: UserJson; onClose: () => void }) {
  return (
    <Show when={props.open}>
      <AnonymiseForm person={props.person} onClose={() => props.onClose()} />
    </Show>
  )
}

function AnonymiseForm(props: { person: UserJson; onClose: () => void }) {
  const anonymise = useAnonymise()
  const [typed, setTyped] = createSignal('')
  const [attempted, setAttempted] = createSignal(false)
  const { name } = props.person
  const isConfirmed = () => plain(typed()) === plain(name)
  const confirm = () => {
    setAttempted(true)
    if (!isConfirmed() || anonymise.isPending) return
    anonymise.mutate(props.person.id, {
      onSuccess: () => {
        toast(t('people.anonymised_toast'))
        props.onClose()
      },
    })
  }
  return (
    <Dialog
      open
      modalOnly
      onClose={() => props.onClose()}
      title={t('people.anonymise_title', { name })}
      size="small"
      footer={
        <>
          <Button onClick={() => props.onClose()}>{t('action.cancel')}</Button>
          <Button kind="danger" busy={anonymise.isPending} onClick={confirm}>
            {t('people.anonymise_submit')}
          </Button>
        </>
      }
    >
      <form
        noValidate
        class="flex flex-col gap-3 text-soft"
        onSubmit={(event) => {
          event.preventDefault()
          confirm()
        }}
      >
        <p class="font-medium text-ink">{t('people.anonymise_final')}</p>
        <p>{t('people.anonymise_goes')}</p>
        <p>{t('people.anonymise_stays')}</p>
        <Show when={props.person.scheduled_reports > 0}>
          <p class="rounded-xl bg-amber-soft p-3.5 text-ink">
            {t('people.anonymise_scheduled', { count: props.person.scheduled_reports })}
          </p>
        </Show>
        <TextField
          label={t('people.anonymise_type', { name })}
          required
          autocomplete="off"
          value={typed()}
          error={attempted() && !isConfirmed() ? t('people.anonymise_mistyped') : undefined}
          onChange={setTyped}
        />
        <Show when={anonymise.isError}>
          <ErrorNotice error={anonymise.error} />
        </Show>
      </form>
    </Dialog>
  )
}

/** What a keyboard makes of it: spaces and capitals aside. */
function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase()
}
