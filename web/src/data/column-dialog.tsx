import { createSignal } from 'solid-js'
import type { ReportType } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { ColumnChooser } from '../ui/column-chooser.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { t } from '../i18n.ts'

export interface ColumnDialogProps {
  type: ReportType
  value: readonly string[]
  onApply: (keys: string[]) => void
  onClose: () => void
}

/** Which columns the page shows, and so exports and schedules. */
export function ColumnDialog(props: ColumnDialogProps) {
  const [keys, setKeys] = createSignal([...props.value])
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={t('data.columns_title')}
      lead={t('data.columns_lead')}
      size="medium"
      footer={
        <>
          <Button onClick={() => props.onClose()}>{t('action.cancel')}</Button>
          <Button
            kind="primary"
            disabled={keys().length === 0}
            onClick={() => {
              props.onApply(keys())
              props.onClose()
            }}
          >
            {t('data.columns_apply')}
          </Button>
        </>
      }
    >
      <ColumnChooser type={props.type} value={keys()} onChange={setKeys} />
    </Dialog>
  )
}
