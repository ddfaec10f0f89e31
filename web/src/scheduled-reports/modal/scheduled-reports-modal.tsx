import { useBeforeLeave } from '@solidjs/router'
import { createEffect, createMemo, createSignal, on, Show, untrack } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import { asFailure, type ApiFailure } from '../../api-failure.ts'
import { api, newIdempotencyKey, type ScheduledReportJson, type Versioned } from '../../api.ts'
import { t } from '../../i18n.ts'
import {
  useCreateScheduledReport,
  useReplaceScheduledReport,
  useScheduledReportToEdit,
} from '../scheduled-report-queries.ts'
import { useMe } from '../../account-queries.ts'
import { useReportTypes } from '../../report-type-queries.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.tsx'
import { ConflictNotice } from './conflict-notice.tsx'
import { draftOf, inputOf, newDraft, type Draft } from './definition-draft.ts'
import { DefinitionForm } from './definition-form.tsx'
import { createDraftEditor, defaultColumns } from './draft-editor.ts'
import { takeFields } from './draft-words.ts'

export interface ScheduledReportsModalProps {
  /** True unless given: for owners that render it only while it is open. */
  open?: boolean
  variant: 'create' | 'edit'
  /** Of what is edited. */
  id?: string
  /** What is filled in already when creating: from a data page its type, filters and columns; from a copy, everything. */
  given?: Partial<Draft>
  onClose: () => void
  onSaved?: (report: ScheduledReportJson) => void
}

/** The one dialog of « Rapports programmés »: creates one, or edits one. Unsaved input survives a closed dialog, a reload and the end of the session. */
export function ScheduledReportsModal(props: ScheduledReportsModalProps) {
  const isOpen = () => props.open ?? true
  const me = useMe()
  const types = useReportTypes()
  const create = useCreateScheduledReport()
  const replace = useReplaceScheduledReport()
  const existing = useScheduledReportToEdit(
    () => props.id ?? '',
    () => isOpen() && props.variant === 'edit',
  )
  const edited = () => (props.variant === 'edit' ? existing.data?.value : undefined)
  const [asking, setAsking] = createSignal<{ leave: () => void } | null>(null)
  const [failure, setFailure] = createSignal<ApiFailure | null>(null)
  const [conflict, setConflict] = createSignal<Versioned<ScheduledReportJson> | null>(null)
  const [looking, setLooking] = createSignal(false)
  let form: HTMLDivElement | undefined

  /** Read once an opening: what is typed stays compared with the version it was typed over. */
  const start = createMemo<ReturnType<typeof readStart>>(
    (before) => (isOpen() ? (before ?? readStart()) : null),
    null,
  )
  function readStart() {
    const [person, catalogue] = [me.data, types.data]
    if (!person || !catalogue) return null
    if (props.variant === 'edit') {
      if (!existing.isSuccess || existing.isFetching) return null
      const { value, etag } = existing.data
      return { what: value.id, draft: draftOf(value), etag, types: catalogue }
    }
    const initial = untrack(() => props.given)
    const draft = newDraft(person, initial)
    const type = catalogue.find(({ key }) => key === draft.type)
    const columns = draft.columns.length > 0 ? draft.columns : defaultColumns(type)
    return { what: 'new', draft: { ...draft, columns }, etag: null, types: catalogue }
  }
  const editor = createMemo(() => {
    const from = start()
    return from ? untrack(() => createDraftEditor(from)) : null
  })
  createEffect(
    on(editor, () => {
      setFailure(null)
      setConflict(null)
      setAsking(null)
    }),
  )
  /** The same key while the same thing is tried again. */
  const idempotencyKey = createMemo(() => (editor()?.draft(), newIdempotencyKey()))
  const busy = () => create.isPending || replace.isPending || looking()

  const leaveWith = (leave: () => void) => {
    if (busy()) return
    if (editor()?.isDirty()) setAsking({ leave })
    else leave()
  }
  useBeforeLeave((event) => {
    if (!isOpen() || !editor()?.isDirty() || event.defaultPrevented) return
    // The session ended: what is typed is kept, and offered again.
    if (typeof event.to === 'string' && event.to.startsWith(pagePaths.signIn)) return
    event.preventDefault()
    setAsking({ leave: () => event.retry(true) })
  })

  const focusFirstFault = () =>
    queueMicrotask(() => {
      const fault = form?.querySelector<HTMLElement>(
        '[aria-invalid="true"]:not([data-invalid]), [data-invalid] input, [aria-invalid="true"]',
      )
      fault?.focus()
      fault?.scrollIntoView({ block: 'center' })
    })
  const save = async () => {
    const sitting = editor()
    if (!sitting || busy()) return
    sitting.attempt()
    setFailure(null)
    if (sitting.issues().length > 0) return focusFirstFault()
    const input = inputOf(sitting.draft())
    try {
      const saved =
        props.variant === 'edit'
          ? await replace.mutateAsync({ id: props.id ?? '', input, etag: sitting.etag() })
          : await create.mutateAsync({ input, idempotencyKey: idempotencyKey() })
      sitting.settle()
      const { name } = saved.value
      toast(props.variant === 'edit' ? t('modal.saved_toast', { name }) : t('modal.created_toast', { name }))
      props.onSaved?.(saved.value)
      props.onClose()
    } catch (error) {
      const problem = asFailure(error)
      if (problem.code === 'stale_version') return showConflict()
      sitting.refuse(problem.errors)
      setFailure(problem)
      if (problem.errors.length > 0) focusFirstFault()
    }
  }
  const showConflict = async () => {
    setLooking(true)
    try {
      setConflict(await api.scheduledReport(props.id ?? ''))
    } catch (error) {
      setFailure(asFailure(error))
    } finally {
      setLooking(false)
    }
  }
  /** The saved version was seen: from now on what is typed is compared with it. */
  const settleConflict = (draft: Draft | null) => {
    const latest = conflict()
    if (!latest) return
    editor()?.rebase(draftOf(latest.value), latest.etag)
    if (draft) editor()?.replace(draft)
    setConflict(null)
  }

  const title = () => (props.variant === 'edit' ? t('modal.edit') : t('modal.create'))
  const faults = () =>
    editor()?.attempted()
      ? new Set(
          editor()
            ?.issues()
            .map(({ path }) => path),
        ).size
      : 0
  const isUnreadable = () => types.isError || (props.variant === 'edit' && existing.isError)
  return (
    <>
      <Dialog
        open={isOpen()}
        onClose={() => leaveWith(() => props.onClose())}
        title={title()}
        size="large"
        footer={
          <>
            <Show when={failure()}>
              {(problem) => (
                <ErrorNotice
                  class="w-full"
                  error={problem()}
                  onRetry={problem().isTemporary ? () => void save() : undefined}
                  retrying={busy()}
                />
              )}
            </Show>
            <p role="status" class="mr-auto text-[0.8125rem] font-medium text-red">
              <Show when={faults() > 0}>{t('modal.fix', { count: faults() })}</Show>
            </p>
            <Button onClick={() => leaveWith(() => props.onClose())}>{t('action.cancel')}</Button>
            <Button
              kind="primary"
              busy={busy()}
              disabled={!editor() || conflict() !== null}
              onClick={() => void save()}
            >
              {t('action.save')}
            </Button>
          </>
        }
      >
        <div ref={(element) => (form = element)}>
          <Show when={conflict()}>
            {(latest) => (
              <ConflictNotice
                mine={editor()?.draft() ?? draftOf(latest().value)}
                theirs={draftOf(latest().value)}
                savedAt={latest().value.updated_at}
                types={types.data ?? []}
                busy={busy()}
                onTake={(fields) => {
                  const mine = editor()?.draft()
                  if (mine) editor()?.replace(takeFields(mine, draftOf(latest().value), fields))
                }}
                onTakeAll={() => settleConflict(draftOf(latest().value))}
                onKeepMine={() => {
                  settleConflict(null)
                  void save()
                }}
              />
            )}
          </Show>
          <Show
            when={editor()}
            fallback={
              <Show when={isUnreadable()} fallback={<SkeletonLines count={9} />}>
                <ErrorNotice
                  error={existing.error ?? types.error}
                  retrying={existing.isFetching || types.isFetching}
                  onRetry={() => void (types.isError ? types.refetch() : existing.refetch())}
                />
              </Show>
            }
          >
            {(sitting) => (
              <DefinitionForm
                editor={sitting()}
                pauseNote={edited()?.pause_note}
                ownerless={edited()?.owner_active === false}
              />
            )}
          </Show>
        </div>
      </Dialog>
      <ConfirmDialog
        open={asking() !== null}
        title={t('modal.discard.title')}
        confirmLabel={t('modal.discard.confirm')}
        cancelLabel={t('modal.discard.stay')}
        danger
        onClose={() => setAsking(null)}
        onConfirm={() => {
          const leave = asking()?.leave
          editor()?.settle()
          setAsking(null)
          leave?.()
        }}
      >
        <p>{t('modal.discard.detail')}</p>
      </ConfirmDialog>
    </>
  )
}
