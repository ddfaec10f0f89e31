import { useQueryClient } from '@tanstack/solid-query'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import { createContext, createSignal, Show, useContext, type JSX } from 'solid-js'
import { canRelaunch, isIncomplete, isSettled } from '#domain/report-status.ts'
import { asFailure } from '../api-failure.ts'
import type { ReportJson } from '../api.ts'
import { t } from '../i18n.ts'
import { queryKeys } from '../query-keys.ts'
import { useCancelReport, useDownloadReport, useRelaunchReport } from './report-queries.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { toastError } from '../ui/toast.tsx'

/** What a person can do with a report, from every page that shows it. */
export interface ReportCommands {
  download(report: ReportJson): void
  /** Asks first when some perhaps have it. */
  relaunch(report: ReportJson): void
  /** Asks first. */
  cancel(report: ReportJson): void
  isDownloading(report: ReportJson): boolean
  /** Requested, and not yet done. */
  isCancelling(report: ReportJson): boolean
}

const Context = createContext<ReportCommands>()

export function useReportCommands(): ReportCommands {
  const commands = useContext(Context)
  if (!commands) throw new Error('ReportCommandsProvider is missing')
  return commands
}

/** Around a list of reports and their panel: its dialogs stay when the row they came from goes. */
export function ReportCommandsProvider(props: { children: JSX.Element }) {
  const client = useQueryClient()
  const download = useDownloadReport()
  const relaunch = useRelaunchReport()
  const cancel = useCancelReport()
  /** As it was when it was asked for. */
  const [relaunched, setRelaunched] = createSignal<ReportJson>()
  const [relaunchOpen, setRelaunchOpen] = createSignal(false)
  const [resendUncertain, setResendUncertain] = createSignal(false)
  const [askOpen, setAskOpen] = createSignal(false)
  const [toCancel, setToCancel] = createSignal<number>()
  const [cancelOpen, setCancelOpen] = createSignal(false)
  const [cancelling, setCancelling] = createSignal<ReadonlySet<number>>(new Set())

  /** The state on screen was stale if the service refuses. */
  const lookAgain = (error: unknown) => {
    if (!asFailure(error).isTemporary) void client.invalidateQueries({ queryKey: queryKeys.allReports })
  }
  const markCancelling = (number: number, on: boolean) =>
    setCancelling((before) => {
      const after = new Set(before)
      if (on) after.add(number)
      else after.delete(number)
      return after
    })
  const startDownload = (number: number) =>
    download.mutate(number, {
      onError: (error) => {
        lookAgain(error)
        toastError(error, { onRetry: () => startDownload(number) })
      },
    })
  const startRelaunch = (number: number) => {
    markCancelling(number, false)
    relaunch.mutate({ number, resendUncertain: resendUncertain() }, { onError: lookAgain })
  }
  const goOn = (report: ReportJson) => {
    setAskOpen(false)
    setRelaunchOpen(true)
    startRelaunch(report.number)
  }
  /** Whether it may be left out of the relaunch to write to those who perhaps have it. */
  const mayLeaveOut = () => {
    const report = relaunched()
    return report !== undefined && canRelaunch(report.status, report.delivery)
  }
  const uncertain = () => relaunched()?.uncertain_recipients ?? 0
  const startCancel = (number: number) =>
    cancel.mutate(number, {
      onError: lookAgain,
      onSuccess: () => {
        markCancelling(number, true)
        setCancelOpen(false)
      },
    })

  const answer = () => (isIncomplete(relaunched()?.delivery) ? 'reports.sentAgain' : 'reports.relaunched')

  const commands: ReportCommands = {
    download: (report) => startDownload(report.number),
    relaunch: (report) => {
      setRelaunched(report)
      // Only they could be written to: that is what is confirmed.
      setResendUncertain(!mayLeaveOut())
      if (report.uncertain_recipients > 0) setAskOpen(true)
      else goOn(report)
    },
    cancel: (report) => {
      cancel.reset()
      setToCancel(report.number)
      setCancelOpen(true)
    },
    isDownloading: (report) => download.isPending && download.variables === report.number,
    isCancelling: (report) => !isSettled(report.status) && cancelling().has(report.number),
  }
  return (
    <Context.Provider value={commands}>
      {props.children}
      <Dialog
        open={relaunchOpen()}
        onClose={() => setRelaunchOpen(false)}
        title={t('reports.name', { number: String(relaunched()?.number) })}
        size="small"
        hideClose
        footer={
          <Button kind="primary" onClick={() => setRelaunchOpen(false)}>
            {t('action.close')}
          </Button>
        }
      >
        <Show
          when={!relaunch.isError}
          fallback={
            <ErrorNotice
              error={relaunch.error}
              onRetry={() => startRelaunch(relaunched()?.number ?? 0)}
              retrying={relaunch.isPending}
            />
          }
        >
          <div class="flex flex-col items-center gap-4 py-2 text-center">
            <span
              aria-hidden="true"
              class="grid size-14 place-items-center rounded-full bg-accent-soft text-accent [&>svg]:size-7"
            >
              <RotateCw />
            </span>
            <p role="status" class="max-w-sm text-pretty">
              {relaunch.isSuccess ? t(answer()) : t('reports.relaunching')}
            </p>
          </div>
        </Show>
      </Dialog>
      <ConfirmDialog
        open={askOpen()}
        title={t('reports.resend.title', { number: String(relaunched()?.number) })}
        confirmLabel={t(mayLeaveOut() ? 'action.relaunch' : 'action.resend')}
        onConfirm={() => {
          const report = relaunched()
          if (report) goOn(report)
        }}
        onClose={() => setAskOpen(false)}
      >
        <p>{t('reports.resend.detail', { count: uncertain() })}</p>
        <Show when={mayLeaveOut()}>
          <Checkbox
            label={t('reports.resend.also', { count: uncertain() })}
            checked={resendUncertain()}
            onChange={setResendUncertain}
          />
        </Show>
      </ConfirmDialog>
      <ConfirmDialog
        open={cancelOpen()}
        title={t('reports.cancel.title', { number: String(toCancel()) })}
        confirmLabel={t('reports.cancel.confirm')}
        cancelLabel={t('reports.cancel.keep')}
        danger
        busy={cancel.isPending}
        error={cancel.error}
        onConfirm={() => startCancel(toCancel() ?? 0)}
        onClose={() => setCancelOpen(false)}
      >
        <p>{t('reports.cancel.detail')}</p>
      </ConfirmDialog>
    </Context.Provider>
  )
}
