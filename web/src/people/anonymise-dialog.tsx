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
  /** What has to be done before: each step protects something of its own. */
  const isReady = () => !props.person.active && props.person.scheduled_reports === 0
  const isConfirmed = () => plain(typed()) === plain(name)
  const confirm = () => {
    setAttempted(true)
    if (!isReady() || !isConfirmed() || anonymise.isPending) return
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
          <Show when={isReady()}>
            <Button kind="danger" busy={anonymise.isPending} onClick={confirm}>
              {t('people.anonymise_submit')}
            </Button>
          </Show>
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
        <Show
          when={isReady()}
          fallback={
            <div class="rounded-xl bg-amber-soft p-3.5 text-ink">
              <p class="font-medium">{t('people.anonymise_before')}</p>
              <ul class="list-disc pl-5">
                <Show when={props.person.scheduled_reports > 0}>
                  <li>{t('people.anonymise_hand_over', { count: props.person.scheduled_reports })}</li>
                </Show>
                <Show when={props.person.active}>
                  <li>{t('people.anonymise_deactivate')}</li>
                </Show>
              </ul>
            </div>
          }
        >
          <TextField
            label={t('people.anonymise_type', { name })}
            required
            autocomplete="off"
            value={typed()}
            error={attempted() && !isConfirmed() ? t('people.anonymise_mistyped') : undefined}
            onChange={setTyped}
          />
        </Show>
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
