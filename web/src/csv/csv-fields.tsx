import ChevronRight from 'lucide-solid/icons/chevron-right'
import { For } from 'solid-js'
import {
  csvOptionsOf,
  csvPresetNames,
  csvValues,
  presetOfLanguage,
  type CsvChoices,
  type CsvOptions,
} from '#domain/csv-options.ts'
import { csvPreview } from '#domain/csv-preview.ts'
import type { Locale } from '#domain/locale.ts'
import { useConfiguration } from '../account-queries.ts'
import { t } from '../i18n.ts'
import { Checkbox } from '../ui/checkbox.tsx'
import { Select } from '../ui/select.tsx'
import { csvValueLabel, valuedOptions } from './csv-words.ts'

export interface CsvFieldsProps {
  /** Null: as the service says. */
  value: CsvChoices | null
  /** The report's language. */
  locale: Locale
  onChange: (value: CsvChoices | null) => void
}

/** How the CSV file is written: a preset, what differs from it, and two lines of the result. Folded at first. */
export function CsvFields(props: CsvFieldsProps) {
  const configuration = useConfiguration()
  const service = (): CsvChoices => configuration.data?.csv ?? {}
  const options = () => csvOptionsOf(props.locale, service(), props.value)
  const presetName = () => {
    const { preset, ...single } = service()
    // With changes of its own the service's way has no name.
    if (Object.keys(single).length > 0) return t('csv.preset.service')
    const name = t(`csv.preset.${preset ?? presetOfLanguage[props.locale]}`)
    return t('csv.preset.service_which', { preset: name })
  }
  const choose = <Option extends keyof CsvOptions>(option: Option, value: CsvOptions[Option]) => {
    const { [option]: _, ...rest } = props.value ?? {}
    const base = csvOptionsOf(props.locale, service(), rest)
    const chosen: CsvChoices = base[option] === value ? rest : { ...rest, [option]: value }
    props.onChange(Object.keys(chosen).length === 0 ? null : chosen)
  }
  return (
    <details class="group rounded-lg border border-line">
      <summary class="flex cursor-pointer items-center gap-1.5 rounded-lg px-3 py-2 font-medium hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden="true"
          class="size-4 shrink-0 text-faint transition-transform group-open:rotate-90"
        />
        {t('csv.title')}
      </summary>
      <div class="flex flex-col gap-4 border-t border-line p-3">
        <Select
          label={t('csv.preset')}
          hint={t('csv.preset_hint')}
          value={props.value?.preset ?? 'service'}
          options={[
            { value: 'service', label: presetName() },
            ...csvPresetNames.map((preset) => ({ value: preset, label: t(`csv.preset.${preset}`) })),
          ]}
          onChange={(preset) => props.onChange(preset === 'service' ? null : { preset })}
        />
        <div class="grid gap-4 sm:grid-cols-2">
          <For each={valuedOptions}>
            {(option) => (
              <Select<string>
                label={t(`csv.${option}`)}
                value={options()[option]}
                options={csvValues[option].map((value) => ({ value, label: csvValueLabel(option, value) }))}
                onChange={(value) => choose(option, value as CsvOptions[typeof option])}
              />
            )}
          </For>
        </div>
        <Checkbox
          label={t('csv.bom')}
          hint={t('csv.bom_hint')}
          checked={options().bom}
          onChange={(bom) => choose('bom', bom)}
        />
        <Checkbox
          label={t('csv.gzip')}
          hint={t('csv.gzip_hint')}
          checked={options().gzip}
          onChange={(gzip) => choose('gzip', gzip)}
        />
        <CsvPreview options={options()} locale={props.locale} />
      </div>
    </details>
  )
}

/** The first lines of such a file; a tab is made visible. */
function CsvPreview(props: { options: CsvOptions; locale: Locale }) {
  const lines = () => csvPreview(props.options, props.locale).map((line) => line.replaceAll('\t', '⇥\t'))
  return (
    <div class="flex min-w-0 flex-col gap-1">
      <p class="text-xs text-soft">{t('csv.preview')}</p>
      <pre
        class="overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2 text-xs leading-relaxed"
        tabIndex={0}
        role="region"
        aria-label={t('csv.preview')}
      >
        {lines().join('\n')}
      </pre>
    </div>
  )
}
