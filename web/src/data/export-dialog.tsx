import FileSpreadsheet from 'lucide-solid/icons/file-spreadsheet'
import FileText from 'lucide-solid/icons/file-text'
import { useNavigate } from '@solidjs/router'
import { createSignal, For, Show, type JSX } from 'solid-js'
import type { CsvChoices } from '#domain/csv-options.ts'
import { pagePaths } from '#domain/page-paths.ts'
import type { FileFormat } from '#domain/report-status.ts'
import { isEmailAddress } from '#domain/schemas/recipients.ts'
import { asFailure } from '../api-failure.ts'
import { newIdempotencyKey, type ReportRequest } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { ChipsField } from '../ui/chips-field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { toast } from '../ui/toast.tsx'
import { t } from '../i18n.ts'
import { CsvFields } from '../csv/csv-fields.tsx'
import { useMe } from '../account-queries.ts'
import { useRequestReport } from '../reports/report-queries.ts'

export interface ExportDialogProps {
  /** What is asked for, but for the format and whom it goes to. */
  request: Pick<ReportRequest, 'type' | 'columns' | 'filters'>
  title: string
  /** How much that is, in words. */
  extent: string
  /** The page is sorted otherwise than the file will be. */
  isSorted: boolean
  onClose: () => void
}

const formats: readonly { value: FileFormat; icon: () => JSX.Element }[] = [
  { value: 'excel', icon: () => <FileSpreadsheet /> },
  { value: 'csv', icon: () => <FileText /> },
]

/** A report of what the page shows, now: as a file, by mail. */
export function ExportDialog(props: ExportDialogProps) {
  const me = useMe()
  const navigate = useNavigate()
  const request = useRequestReport()
  const [format, setFormat] = createSignal<FileFormat>('excel')
  const [csv, setCsv] = createSignal<CsvChoices | null>(null)
  const [recipients, setRecipients] = createSignal<string[]>(me.data ? [me.data.email] : [])
  const [tried, setTried] = createSignal(false)
  // One intention, one report, however often it is tried.
  let intention: { of: string; key: string } | undefined

  const fault = (address: string) => (isEmailAddress(address) ? undefined : t('data.export.not_an_address'))
  const problem = () => (request.isError ? asFailure(request.error) : undefined)
  const recipientsError = () => {
    if (tried() && recipients().length === 0) return t('data.export.no_recipient')
    return problem()?.errorAt('recipients')
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (request.isPending || recipients().length === 0 || recipients().some((one) => fault(one))) return
    const wanted = {
      ...props.request,
      format: format(),
      ...(format() === 'csv' ? { csv: csv() } : {}),
      recipients: recipients(),
    }
    const text = JSON.stringify(wanted)
    if (intention?.of !== text) intention = { of: text, key: newIdempotencyKey() }
    request.mutate(
      { request: wanted, idempotencyKey: intention.key },
      {
        onSuccess: (report) => {
          props.onClose()
          toast(t('data.export.done', { number: String(report.number) }), {
            onUndo: () => navigate(pagePaths.reports),
            undoLabel: t('data.export.see'),
          })
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={t('data.export.title', { title: props.title })}
      lead={props.extent}
      modalOnly
      footer={
        <>
          <Button onClick={() => props.onClose()}>{t('action.cancel')}</Button>
          <Button kind="primary" type="submit" form="export-form" busy={request.isPending}>
            {t('data.export.submit')}
          </Button>
        </>
      }
    >
      <form id="export-form" noValidate class="flex flex-col gap-5" onSubmit={submit}>
        <fieldset class="flex flex-col gap-1.5">
          <legend class="mb-1.5 font-medium">{t('data.export.format')}</legend>
          <div class="grid grid-cols-2 gap-2">
            <For each={formats}>
              {(choice) => (
                <label class="flex cursor-pointer items-start gap-2.5 rounded-lg border border-line-strong/60 p-3 transition-colors hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft/60 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus">
                  <input
                    type="radio"
                    name="format"
                    value={choice.value}
                    checked={format() === choice.value}
                    class="mt-0.5 size-4 shrink-0 accent-accent outline-none"
                    onChange={() => setFormat(choice.value)}
                  />
                  <span class="min-w-0">
                    <span class="flex items-center gap-1.5 font-medium [&_svg]:size-4 [&_svg]:text-soft">
                      {t(`format.${choice.value}`)}
                      <span aria-hidden="true">{choice.icon()}</span>
                    </span>
                    <span class="block text-xs text-soft">{t(`data.export.${choice.value}`)}</span>
                  </span>
                </label>
              )}
            </For>
          </div>
        </fieldset>
        <Show when={format() === 'csv' && me.data}>
          {(person) => <CsvFields value={csv()} locale={person().locale} onChange={setCsv} />}
        </Show>
        <ChipsField
          label={t('data.export.recipients')}
          hint={t('data.export.recipients_hint')}
          required
          values={recipients()}
          validate={fault}
          error={recipientsError()}
          onChange={setRecipients}
        />
        <Show when={props.isSorted}>
          <p class="text-xs text-faint">{t('data.export.order')}</p>
        </Show>
        <Show when={problem() && !problem()?.errorAt('recipients')}>
          <ErrorNotice error={request.error} />
        </Show>
      </form>
    </Dialog>
  )
}
