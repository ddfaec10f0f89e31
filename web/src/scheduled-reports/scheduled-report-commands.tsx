import { useNavigate } from '@solidjs/router'
import CopyPlus from 'lucide-solid/icons/copy-plus'
import Pencil from 'lucide-solid/icons/pencil'
import Play from 'lucide-solid/icons/play'
import ScrollText from 'lucide-solid/icons/scroll-text'
import Send from 'lucide-solid/icons/send'
import Trash from 'lucide-solid/icons/trash'
import UserRoundCog from 'lucide-solid/icons/user-round-cog'
import { createContext, createSignal, Show, useContext, type JSX } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import { newIdempotencyKey, type ScheduledReportJson } from '../api.ts'
import { t } from '../i18n.ts'
import {
  useDeleteScheduledReport,
  useRunScheduledReport,
  useTestScheduledReport,
  useToggleScheduledReport,
} from './scheduled-report-queries.ts'
import { useMe } from '../account-queries.ts'
import { ChangeOwnerDialog } from './change-owner-dialog.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import type { MenuItem } from '../ui/menu.tsx'
import { draftOf } from './modal/definition-draft.ts'
import { ScheduledReportsModal, type ScheduledReportsModalProps } from './modal/scheduled-reports-modal.tsx'
import { toast, toastError } from '../ui/toast.tsx'

/** What a person can do with a scheduled report, from every page that shows it. */
export interface ScheduledReportCommands {
  create(): void
  edit(report: ScheduledReportJson): void
  duplicate(report: ScheduledReportJson): void
  run(report: ScheduledReportJson): void
  test(report: ScheduledReportJson): void
  /** One whose owner is deactivated cannot be enabled: its owner is changed instead. */
  toggle(report: ScheduledReportJson, enabled: boolean): void
  changeOwner(report: ScheduledReportJson): void
  /** To the audit trail, of it alone. */
  showAudit(report: ScheduledReportJson): void
  /** Asks first. */
  remove(report: ScheduledReportJson): void
  isStarting(report: ScheduledReportJson): boolean
}

const Context = createContext<ScheduledReportCommands>()

export function useScheduledReportCommands(): ScheduledReportCommands {
  const commands = useContext(Context)
  if (!commands) throw new Error('ScheduledReportCommandsProvider is missing')
  return commands
}

type Editing = Pick<ScheduledReportsModalProps, 'variant' | 'id' | 'given'>

/** Around a page of scheduled reports: its dialogs stay when the row they came from goes. */
export function ScheduledReportCommandsProvider(props: { children: JSX.Element; onRemoved?: () => void }) {
  const me = useMe()
  const navigate = useNavigate()
  const run = useRunScheduledReport()
  const test = useTestScheduledReport()
  const toggle = useToggleScheduledReport()
  const remove = useDeleteScheduledReport()
  const [editing, setEditing] = createSignal<Editing>({ variant: 'create' })
  const [editorOpen, setEditorOpen] = createSignal(false)
  const [toRemove, setToRemove] = createSignal<ScheduledReportJson>()
  const [removeOpen, setRemoveOpen] = createSignal(false)
  const [toGive, setToGive] = createSignal<ScheduledReportJson>()
  const [giveOpen, setGiveOpen] = createSignal(false)

  const open = (what: Editing) => {
    setEditing(what)
    setEditorOpen(true)
  }
  /** The key stays while the same click is tried again, so that it starts one report. */
  const start = (report: ScheduledReportJson, idempotencyKey = newIdempotencyKey()) =>
    run.mutate(
      { id: report.id, idempotencyKey },
      {
        onSuccess: ({ number }) => toast(t('scheduled.run_toast', { number: String(number) })),
        onError: (error) => toastError(error, { onRetry: () => start(report, idempotencyKey) }),
      },
    )
  const sendTest = (report: ScheduledReportJson, idempotencyKey = newIdempotencyKey()) =>
    test.mutate(
      { id: report.id, idempotencyKey },
      {
        onSuccess: ({ number }) => {
          const email = me.data?.email ?? ''
          toast(t('scheduled.test_toast', { number: String(number), email }))
        },
        onError: (error) => toastError(error, { onRetry: () => sendTest(report, idempotencyKey) }),
      },
    )
  const setEnabled = (report: ScheduledReportJson, enabled: boolean, silent = false) =>
    toggle.mutate(
      { id: report.id, enabled },
      {
        onSuccess: () => {
          if (silent) return
          const { name } = report
          toast(enabled ? t('scheduled.enabled_toast', { name }) : t('scheduled.disabled_toast', { name }), {
            onUndo: () => setEnabled(report, !enabled, true),
          })
        },
        onError: (error) => toastError(error, { onRetry: () => setEnabled(report, enabled) }),
      },
    )

  const changeOwner = (report: ScheduledReportJson) => {
    setToGive(report)
    setGiveOpen(true)
  }

  const commands: ScheduledReportCommands = {
    create: () => open({ variant: 'create' }),
    edit: ({ id }) => open({ variant: 'edit', id }),
    duplicate: (report) =>
      open({
        variant: 'create',
        given: { ...draftOf(report), name: t('scheduled.copy_of', { name: report.name }).slice(0, 200) },
      }),
    run: (report) => start(report),
    test: (report) => sendTest(report),
    toggle: (report, enabled) => {
      if (enabled && !report.owner_active) changeOwner(report)
      else setEnabled(report, enabled)
    },
    changeOwner,
    showAudit: ({ id }) => navigate(`${pagePaths.audit}?subject_type=scheduled_report&subject_id=${id}`),
    remove: (report) => {
      remove.reset()
      setToRemove(report)
      setRemoveOpen(true)
    },
    isStarting: ({ id }) => run.isPending && run.variables.id === id,
  }
  return (
    <Context.Provider value={commands}>
      {props.children}
      <ScheduledReportsModal open={editorOpen()} {...editing()} onClose={() => setEditorOpen(false)} />
      <ChangeOwnerDialog open={giveOpen()} report={toGive()} onClose={() => setGiveOpen(false)} />
      <ConfirmDialog
        open={removeOpen()}
        title={t('scheduled.delete.title')}
        confirmLabel={t('scheduled.action.delete')}
        danger
        busy={remove.isPending}
        error={remove.error}
        onClose={() => setRemoveOpen(false)}
        onConfirm={() => {
          const report = toRemove()
          if (!report) return
          remove.mutate(
            { id: report.id },
            {
              onSuccess: () => {
                setRemoveOpen(false)
                toast(t('scheduled.deleted_toast', { name: report.name }))
                props.onRemoved?.()
              },
            },
          )
        }}
      >
        <Show when={toRemove()}>
          {(report) => <p>{t('scheduled.delete.detail', { name: report().name })}</p>}
        </Show>
      </ConfirmDialog>
    </Context.Provider>
  )
}

/** The menu of one scheduled report. */
export function scheduledReportMenu(
  report: ScheduledReportJson,
  commands: ScheduledReportCommands,
  before: readonly MenuItem[] = [],
): MenuItem[] {
  return [
    ...before,
    {
      label: t('scheduled.action.run'),
      icon: <Play />,
      // Without an active owner it has no rights to run with.
      disabled: !report.owner_active,
      onSelect: () => commands.run(report),
    },
    { label: t('scheduled.action.test'), icon: <Send />, onSelect: () => commands.test(report) },
    {
      label: t('scheduled.action.edit'),
      icon: <Pencil />,
      onSelect: () => commands.edit(report),
      separated: true,
    },
    {
      label: t('scheduled.action.duplicate'),
      icon: <CopyPlus />,
      onSelect: () => commands.duplicate(report),
    },
    {
      label: t('owner.change'),
      icon: <UserRoundCog />,
      onSelect: () => commands.changeOwner(report),
    },
    {
      label: t('audit.show'),
      icon: <ScrollText />,
      onSelect: () => commands.showAudit(report),
    },
    {
      label: t('scheduled.action.delete'),
      icon: <Trash />,
      onSelect: () => commands.remove(report),
      danger: true,
      separated: true,
    },
  ]
}
