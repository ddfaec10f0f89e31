import X from 'lucide-solid/icons/x'
import { Show } from 'solid-js'
import type { ReportSort } from '#domain/report-sort.ts'
import { t } from '../i18n.ts'
import { liveState } from '../query-client.ts'
import { useReportTypes } from '../report-type-queries.ts'
import { listedStatuses, type ReportsAddress } from './reports-address.ts'
import { Button } from '../ui/button.tsx'
import { Select, type SelectOption } from '../ui/select.tsx'

/** Cards have no headings to click: these orders are offered by name. */
const namedSorts = [
  '-number',
  'number',
  'title',
  'status',
  '-file_available_at',
] as const satisfies readonly ReportSort[]

/** Filters of the list, and whether it is live. */
export function ReportsToolbar(props: { address: ReportsAddress; withSort: boolean }) {
  const types = useReportTypes()
  const typeOptions = (): SelectOption<string>[] => {
    const known = (types.data ?? []).map(({ key, title }) => ({ value: key, label: title }))
    const chosen = props.address.type()
    const isUnknown =
      chosen !== '' && types.data !== undefined && !known.some(({ value }) => value === chosen)
    return [
      { value: '', label: t('reports.filter.any_type') },
      ...known,
      ...(isUnknown ? [{ value: chosen, label: chosen }] : []),
    ]
  }
  const sortOptions = (): SelectOption<string>[] => [
    ...namedSorts.map((value) => ({ value, label: t(`reports.sort.${value}`) })),
    ...(namedSorts.some((value) => value === props.address.sort())
      ? []
      : [{ value: props.address.sort(), label: t('reports.sort.other') }]),
  ]
  return (
    <div class="flex flex-wrap items-center gap-2">
      <Select
        class="max-sm:min-w-0 max-sm:flex-1 sm:w-44"
        label={t('reports.filter.status')}
        hideLabel
        value={props.address.status()}
        options={[
          { value: '', label: t('reports.filter.any_status') },
          ...listedStatuses.map((status) => ({ value: status, label: t(`status.${status}`) })),
        ]}
        onChange={(status) => props.address.change({ status })}
      />
      <Select
        class="max-sm:min-w-0 max-sm:flex-1 sm:w-56"
        label={t('reports.filter.type')}
        hideLabel
        value={props.address.type()}
        options={typeOptions()}
        onChange={(type) => props.address.change({ type })}
      />
      <Show when={props.withSort}>
        <Select
          class="w-full sm:w-60"
          label={t('reports.filter.sort')}
          hideLabel
          value={props.address.sort()}
          options={sortOptions()}
          onChange={(sort) => props.address.change({ sort })}
        />
      </Show>
      <Show when={props.address.isFiltered()}>
        <Button
          kind="quiet"
          size="small"
          icon={<X />}
          onClick={() => props.address.change({ status: '', type: '' })}
        >
          {t('reports.filter.clear')}
        </Button>
      </Show>
      <p
        class={`ml-auto flex items-center gap-2 text-xs text-faint ${liveState() === 'live' ? 'max-sm:hidden' : ''}`}
      >
        <span
          aria-hidden="true"
          class={`size-1.5 rounded-full ${liveState() === 'live' ? 'bg-green-mark' : 'bg-grey-mark'}`}
        />
        {t(liveState() === 'live' ? 'reports.live' : 'reports.polling')}
      </p>
    </div>
  )
}
