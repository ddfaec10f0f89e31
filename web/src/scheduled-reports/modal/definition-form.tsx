import RotateCcwClock from 'lucide-solid/icons/rotate-ccw-clock'
import { createUniqueId, onMount, Show, type JSX } from 'solid-js'
import { locales } from '#domain/locale.ts'
import { fileFormats } from '#domain/report-status.ts'
import { fieldIssues } from '#domain/schemas/field-issues.ts'
import { emailSchema } from '#domain/schemas/recipients.ts'
import { missedRunsChoices } from '#domain/schemas/scheduled-report-schema.ts'
import { locale, t } from '../../i18n.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { ChipsField } from '../../ui/chips-field.tsx'
import { ColumnChooser } from '../../ui/column-chooser.tsx'
import { CsvFields } from '../../csv/csv-fields.tsx'
import { FilterFields } from '../../filters/filter-fields.tsx'
import { PauseNote } from '../pause-note.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { Textarea } from '../../ui/textarea.tsx'
import type { DraftEditor } from './draft-editor.ts'
import { PauseAfterField } from './pause-after-field.tsx'
import { SpreadField } from './spread-field.tsx'
import { TimingFields } from './timing-fields.tsx'
import { TimingPreview } from './timing-preview.tsx'

export interface DefinitionFormProps {
  editor: DraftEditor
  /** Why it is paused, when it was not a person's own click here. */
  pauseNote?: string | null
  /** Its owner's account is deactivated: it cannot be enabled before it has another owner. */
  ownerless?: boolean
}

/** Every field of a definition. */
export function DefinitionForm(props: DefinitionFormProps) {
  let name: HTMLInputElement | undefined
  const filtersId = createUniqueId()
  const editor = () => props.editor
  const draft = () => editor().draft()
  const errorAt = (path: string) => editor().errorAt(path)
  onMount(() => queueMicrotask(() => name?.focus({ preventScroll: true })))
  return (
    <>
      <Show when={editor().kept()}>
        <KeptNotice editor={editor()} />
      </Show>
      <FormSection title={t('modal.section.report')}>
        <TextField
          ref={(element: HTMLInputElement) => (name = element)}
          label={t('modal.name')}
          required
          maxLength={200}
          placeholder={t('modal.name_placeholder')}
          value={draft().name}
          error={errorAt('name')}
          onChange={(text) => editor().change({ name: text })}
        />
        <div class="grid gap-4 sm:grid-cols-[minmax(0,1fr)_12rem]">
          <Select
            label={t('modal.type')}
            required
            value={draft().type}
            error={
              errorAt('type') ?? (draft().type !== '' && !editor().type() ? t('modal.type_gone') : undefined)
            }
            options={[
              ...(editor().type()
                ? []
                : [{ value: draft().type, label: typeLabel(draft().type), disabled: true }]),
              ...editor().types.map(({ key, title }) => ({ value: key, label: title })),
            ]}
            onChange={(key) => editor().chooseType(key)}
          />
          <Select
            label={t('modal.format')}
            value={draft().format}
            error={errorAt('format')}
            options={[...fileFormats]
              .reverse()
              .map((format) => ({ value: format, label: t(`modal.format.${format}`) }))}
            onChange={(format) => editor().change({ format })}
          />
        </div>
        <Show when={draft().format === 'csv'}>
          <CsvFields
            value={draft().csv}
            locale={draft().locale}
            onChange={(csv) => editor().change({ csv })}
          />
        </Show>
      </FormSection>

      <FormSection title={t('modal.section.when')}>
        <TimingFields draft={draft()} onChange={(change) => editor().change(change)} errorAt={errorAt} />
        <TimingPreview draft={draft()} />
        <SpreadField
          value={draft().spread_minutes}
          error={errorAt('spread_minutes')}
          onChange={(spread) => editor().change({ spread_minutes: spread })}
        />
      </FormSection>

      <FormSection title={t('modal.section.to')}>
        <ChipsField
          label={t('modal.recipients')}
          required
          values={draft().recipients}
          validate={addressFault}
          error={errorAt('recipients')}
          onChange={(recipients) => editor().change({ recipients })}
        />
        <TextField
          label={t('modal.subject')}
          optional
          maxLength={200}
          hint={t('modal.subject_hint')}
          value={draft().subject}
          error={errorAt('subject')}
          onChange={(subject) => editor().change({ subject })}
        />
        <Textarea
          label={t('modal.message')}
          optional
          maxLength={5_000}
          rows={2}
          hint={t('modal.message_hint')}
          value={draft().message}
          error={errorAt('message')}
          onChange={(message) => editor().change({ message })}
        />
      </FormSection>

      <Show when={editor().type()}>
        {(type) => (
          <FormSection title={t('modal.section.content')}>
            <ColumnChooser
              type={type()}
              value={draft().columns}
              error={errorAt('columns')}
              onChange={(columns) => editor().change({ columns })}
            />
            <div role="group" aria-labelledby={filtersId} class="flex flex-col gap-3 pt-1">
              <p>
                <span id={filtersId} class="font-medium">
                  {t('modal.filters')}
                </span>
                <span class="ml-2 text-xs text-faint">{t('modal.filters.all')}</span>
              </p>
              <FilterFields
                type={type()}
                value={draft().filters_json}
                periodHint={t('modal.filters.period_hint')}
                errorAt={(filter) => errorAt(`filters_json.${filter}`)}
                onChange={(filters) => editor().change({ filters_json: filters })}
              />
            </div>
          </FormSection>
        )}
      </Show>

      <FormSection title={t('modal.section.options')}>
        <Checkbox
          label={t('modal.only_if_rows')}
          hint={t('modal.only_if_rows_hint')}
          checked={draft().only_if_rows}
          onChange={(only) => editor().change({ only_if_rows: only })}
        />
        <div class="grid gap-4 sm:grid-cols-2">
          <Select
            label={t('modal.missed_runs')}
            hint={t(`modal.missed_runs.${draft().missed_runs}_hint`)}
            value={draft().missed_runs}
            error={errorAt('missed_runs')}
            options={missedRunsChoices.map((choice) => ({
              value: choice,
              label: t(`modal.missed_runs.${choice}`),
            }))}
            onChange={(choice) => editor().change({ missed_runs: choice })}
          />
          <Select
            label={t('modal.language')}
            value={draft().locale}
            error={errorAt('locale')}
            options={locales.map((one) => ({ value: one, label: t(`language.${one}`) }))}
            onChange={(language) => editor().change({ locale: language })}
          />
        </div>
        <PauseAfterField
          value={draft().pause_after_failures}
          error={errorAt('pause_after_failures')}
          onChange={(failures) => editor().change({ pause_after_failures: failures })}
        />
        <Switch
          label={t('modal.enabled')}
          hint={
            <>
              {props.ownerless ? t('owner.first') : t('modal.enabled_hint')}
              <Show when={!draft().enabled && props.pauseNote}>{(note) => <PauseNote note={note()} />}</Show>
            </>
          }
          disabled={props.ownerless}
          checked={draft().enabled}
          onChange={(enabled) => editor().change({ enabled })}
        />
      </FormSection>
    </>
  )
}

function KeptNotice(props: { editor: DraftEditor }) {
  return (
    <div
      role="status"
      class="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl bg-accent-soft py-2 pr-2 pl-3.5"
    >
      <RotateCcwClock aria-hidden="true" class="size-[1.125rem] shrink-0 text-accent" />
      <p class="min-w-40 flex-1">{t('modal.kept.detail')}</p>
      <Button size="small" onClick={() => props.editor.resumeKept()}>
        {t('modal.kept.resume')}
      </Button>
      <Button size="small" kind="quiet" onClick={() => props.editor.forgetKept()}>
        {t('modal.kept.forget')}
      </Button>
    </div>
  )
}

function typeLabel(key: string): string {
  return key === '' ? t('modal.type_choose') : key
}

function addressFault(address: string): string | undefined {
  const parsed = emailSchema.safeParse(address)
  return parsed.success ? undefined : fieldIssues(parsed.error, address)[0]?.message[locale()]
}

/** One part of the dialog: its name beside its fields, above them on narrow screens. */
function FormSection(props: { title: string; children: JSX.Element }) {
  const id = createUniqueId()
  return (
    <section
      aria-labelledby={id}
      class="grid gap-x-6 gap-y-3 border-t border-line py-5 first:border-0 first:pt-2 sm:grid-cols-[7.5rem_minmax(0,1fr)]"
    >
      <h3 id={id} class="font-semibold sm:pt-0.5">
        {props.title}
      </h3>
      <div class="flex min-w-0 flex-col gap-4">{props.children}</div>
    </section>
  )
}
