import { batch, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import type { ReportType } from '../../api.ts'
import { locale } from '../../i18n.ts'
import { draftIssues, fieldOfPath, sameDraft, type Draft, type DraftField } from './definition-draft.ts'
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts'

export interface EditorStart {
  /** The definition's id, or `new`. */
  what: string
  draft: Draft
  etag: string | null
  types: readonly ReportType[]
}

export type DraftEditor = ReturnType<typeof createDraftEditor>

/** The state of the dialog while it is open: the draft, its problems, and whether closing would lose changes. */
export function createDraftEditor(start: EditorStart) {
  const [draft, setDraft] = createSignal(start.draft)
  const [saved, setSaved] = createSignal(start.draft)
  const [etag, setEtag] = createSignal(start.etag)
  const [touched, setTouched] = createSignal<ReadonlySet<DraftField>>(new Set())
  const [attempted, setAttempted] = createSignal(false)
  const [refused, setRefused] = createSignal<readonly { path: string; message: string }[]>([])
  const [kept, setKept] = createSignal(keptDraft(start.what, start.draft))
  /** Columns and filters by type: a type chosen by mistake costs nothing. */
  const choices = new Map<string, Pick<Draft, 'columns' | 'filters_json'>>()

  const type = createMemo(() => start.types.find(({ key }) => key === draft().type))
  const isDirty = createMemo(() => !sameDraft(draft(), saved()))
  const issues = createMemo(() => draftIssues(draft(), type(), locale()))

  const touch = (fields: readonly string[]) =>
    batch(() => {
      setTouched((before) => new Set([...before, ...(fields as DraftField[])]))
      setRefused((before) =>
        before.filter(({ path }) => !fields.some((field) => path === field || path.startsWith(`${field}.`))),
      )
    })
  const change = (fields: Partial<Draft>) =>
    batch(() => {
      setDraft((before) => ({ ...before, ...fields }))
      touch(Object.keys(fields))
    })
  const chooseType = (key: string) => {
    const before = draft()
    if (before.type !== '') choices.set(before.type, before)
    const { columns, filters_json } = choices.get(key) ?? {
      columns: defaultColumns(start.types.find((one) => one.key === key)),
      filters_json: {},
    }
    change({ type: key, columns, filters_json })
  }
  /** The first thing wrong with a field that the person has been at, or that the service refused. */
  const errorAt = (path: string): string | undefined => {
    const field = fieldOfPath(path, draft())
    const seen = attempted() || (field !== undefined && touched().has(field))
    const own = seen ? issues().find((issue) => issue.path === path) : undefined
    return (own ?? refused().find((error) => error.path === path || error.path.startsWith(`${path}.`)))
      ?.message
  }

  createEffect(
    on(
      [draft, isDirty],
      () => {
        if (isDirty()) keepDraft(start.what, { draft: draft(), etag: etag() })
        else if (!kept()) forgetDraft(start.what)
      },
      { defer: true },
    ),
  )
  createEffect(() => {
    if (!isDirty()) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    onCleanup(() => window.removeEventListener('beforeunload', warn))
  })

  return {
    types: start.types,
    draft,
    type,
    etag,
    isDirty,
    issues,
    errorAt,
    change,
    chooseType,
    attempted,
    attempt: () => setAttempted(true),
    refuse: setRefused,
    /** A draft of an earlier sitting that was not saved. */
    kept,
    resumeKept: () =>
      batch(() => {
        const earlier = kept()
        if (!earlier) return
        setDraft(earlier.draft)
        setEtag(earlier.etag ?? start.etag)
        setKept(null)
      }),
    forgetKept: () => {
      forgetDraft(start.what)
      setKept(null)
    },
    replace: (next: Draft) => batch(() => (setDraft(next), setRefused([]))),
    /** What the service has now, which what is typed is compared with. */
    rebase: (next: Draft, version: string | null) => batch(() => (setSaved(next), setEtag(version))),
    /** Nothing of it is to be kept any more: it was saved, or given up. */
    settle: () => {
      setSaved(draft())
      forgetDraft(start.what)
    },
  }
}

export function defaultColumns(type: ReportType | undefined): string[] {
  return (type?.columns ?? []).filter((column) => column.default).map(({ key }) => key)
}
