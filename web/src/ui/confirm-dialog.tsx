import { Show, type JSX } from 'solid-js'
import { t } from '../i18n.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorNotice } from './error-notice.tsx'

export interface ConfirmDialogProps {
  open: boolean
  title: string
  /** What will happen, to what. */
  children: JSX.Element
  /** The verb of what it does: « Supprimer ». */
  confirmLabel: string
  /** « Annuler » unless that is what is being confirmed. */
  cancelLabel?: string
  danger?: boolean
  busy?: boolean
  /** What went wrong when it was tried. */
  error?: unknown
  onConfirm: () => void
  onClose: () => void
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      title={props.title}
      size="small"
      hideClose
      footer={
        <>
          <Button onClick={() => props.onClose()}>{props.cancelLabel ?? t('action.cancel')}</Button>
          <Button
            kind={props.danger ? 'danger' : 'primary'}
            busy={props.busy}
            onClick={() => props.onConfirm()}
          >
            {props.confirmLabel}
          </Button>
        </>
      }
    >
      <div class="flex flex-col gap-3 text-soft">{props.children}</div>
      <Show when={props.error}>
        <ErrorNotice error={props.error} class="mt-4" />
      </Show>
    </Dialog>
  )
}
