import { Show, type ParentProps } from 'solid-js'
import { asFailure } from '../api-failure.ts'
import { t } from '../i18n.ts'
import { Button } from './button.tsx'
import { Dialog, type DialogProps } from './dialog.tsx'
import { ErrorNotice } from './error-notice.tsx'

interface FormDialogProps extends Pick<DialogProps, 'title' | 'lead' | 'focusItself' | 'onClose'> {
  /** The button's words. */
  submit: string
  busy: boolean
  onSubmit: () => void
  /** What the last try met; shown when it names no field, since a field shows its own. */
  error: unknown
}

/** A form over the page: Enter and the button at the bottom send it. */
export function FormDialog(props: ParentProps<FormDialogProps>) {
  return (
    <Dialog
      open
      modalOnly
      focusItself={props.focusItself}
      onClose={() => props.onClose()}
      title={props.title}
      lead={props.lead}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{t('action.cancel')}</Button>
          <Button kind="primary" busy={props.busy} onClick={() => props.onSubmit()}>
            {props.submit}
          </Button>
        </>
      }
    >
      <form
        noValidate
        class="flex flex-col gap-4 pt-1"
        onSubmit={(event) => {
          event.preventDefault()
          props.onSubmit()
        }}
      >
        {props.children}
        {/* The button that Enter presses; the one to be seen is at the bottom. */}
        <button type="submit" hidden />
        <Show when={props.error && asFailure(props.error).errors.length === 0}>
          <ErrorNotice error={props.error} />
        </Show>
      </form>
    </Dialog>
  )
}
