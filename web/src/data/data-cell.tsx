import { Popover } from '@kobalte/core/popover'
import Check from 'lucide-solid/icons/check'
import Minus from 'lucide-solid/icons/minus'
import { Match, Show, Switch } from 'solid-js'
import type { ColumnType } from '#domain/report-type.ts'
import type { DataRows, ReportType } from '../api.ts'
import { popupHome } from '../ui/overlay.ts'
import { formatDate, formatDecimal } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'

export type DataColumn = ReportType['columns'][number]
export type CellValue = DataRows['items'][number][string]

/** Numbers stand to the right, digit under digit. */
export function isNumeric(type: ColumnType): boolean {
  return type === 'integer' || type === 'decimal' || type === 'money'
}

/** Longer text is truncated, with all of it in a popover. */
const maxCharacters = 48

/** A value of the data, written as its column's type asks. */
export function DataCell(props: { column: DataColumn; value: CellValue | undefined }) {
  const text = () => formatCell(props.column, props.value ?? null)
  const isLong = () => {
    const written = text()
    return props.column.type === 'text' && (written.length > maxCharacters || written.includes('\n'))
  }
  return (
    <Show when={text() !== ''} fallback={<span class="text-faint">{t('none')}</span>}>
      <Switch fallback={<span class="whitespace-nowrap">{text()}</span>}>
        <Match when={props.column.type === 'boolean'}>
          <span
            class={`inline-flex items-center gap-1.5 align-bottom ${props.value === true ? '' : 'text-soft'}`}
          >
            <span aria-hidden="true" class="[&>svg]:size-3.5">
              {props.value === true ? <Check class="text-accent" /> : <Minus class="text-faint" />}
            </span>
            {text()}
          </span>
        </Match>
        <Match when={isLong()}>
          <LongText label={props.column.label} text={text()} />
        </Match>
      </Switch>
    </Show>
  )
}

/** The value as text; empty when there is none. What does not look like its type is shown as it came. */
export function formatCell(column: Pick<DataColumn, 'type' | 'scale'>, value: CellValue): string {
  if (value === null) return ''
  const text = String(value)
  switch (column.type) {
    case 'boolean':
      return value === true ? t('filters.yes') : t('filters.no')
    case 'integer':
    case 'decimal':
    case 'money':
      return formatDecimal(text, locale(), column.type === 'integer' ? 0 : (column.scale ?? 2)) ?? text
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(text) ? formatDate(`${text}T00:00:00Z`, 'date', locale(), 'UTC') : text
    case 'timestamp':
      return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)
        ? formatDate(text, 'dateTime', locale(), timeZone())
        : text
    default:
      return text
  }
}

/** One line of a long text; a click or Enter shows all of it, to be read and copied. */
function LongText(props: { label: string; text: string }) {
  return (
    <Popover gutter={4} placement="bottom-start">
      <Popover.Trigger
        aria-label={t('data.cell.more', { column: props.label, text: props.text.slice(0, maxCharacters) })}
        class="-mx-1 block max-w-72 cursor-pointer truncate rounded-sm px-1 text-left underline decoration-line-strong decoration-dotted underline-offset-4 hover:bg-hover data-expanded:bg-hover"
      >
        {props.text.replace(/\s+/g, ' ')}
      </Popover.Trigger>
      <Popover.Portal mount={popupHome()}>
        <Popover.Content class="z-50 max-w-md animate-appear rounded-lg border border-line bg-raised p-3.5 shadow-high outline-none">
          <Popover.Title class="text-xs font-medium text-faint">{props.label}</Popover.Title>
          <Popover.Description class="mt-1 max-h-72 overflow-y-auto break-words whitespace-pre-line text-ink">
            {props.text}
          </Popover.Description>
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  )
}
