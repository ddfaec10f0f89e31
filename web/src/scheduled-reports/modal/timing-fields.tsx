import { createUniqueId, For, Show } from 'solid-js'
import { frequencies } from '#domain/timing/timing.ts'
import { locale, t } from '../../i18n.ts'
import { FieldError } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { ZoneField } from '../../ui/zone-field.tsx'
import type { Draft } from './definition-draft.ts'

export interface TimingFieldsProps {
  draft: Draft
  onChange: (change: Partial<Draft>) => void
  errorAt: (path: string) => string | undefined
}

const cronExamples = ['0 8 * * 1-5', '30 6 1 1,4,7,10 *', '0 */2 * * *'] as const

/** How often, and when: the fields that the frequency needs, no other. */
export function TimingFields(props: TimingFieldsProps) {
  return (
    <>
      <FrequencyChoice
        value={props.draft.frequency}
        onChange={(frequency) => props.onChange({ frequency })}
      />
      <Show when={props.draft.frequency === 'weekly'}>
        <WeekdayChoice
          value={props.draft.weekdays}
          error={props.errorAt('weekdays')}
          onChange={(weekdays) => props.onChange({ weekdays })}
        />
      </Show>
      <div class="grid gap-4 sm:grid-cols-2">
        <Show when={props.draft.frequency === 'monthly'}>
          <Select
            label={t('modal.month_day')}
            value={String(props.draft.month_day)}
            error={props.errorAt('month_day')}
            options={[
              ...Array.from({ length: 31 }, (_, index) => String(index + 1)).map((day) => ({
                value: day,
                label: day,
              })),
              { value: 'last', label: t('modal.month_day.last') },
            ]}
            onChange={(day) => props.onChange({ month_day: day === 'last' ? 'last' : Number(day) })}
          />
        </Show>
        <Show
          when={props.draft.frequency === 'custom'}
          fallback={
            <TextField
              label={t('modal.time')}
              type="time"
              class={props.draft.frequency === 'monthly' ? '' : 'sm:max-w-40'}
              required
              value={props.draft.time}
              error={props.errorAt('time')}
              onChange={(time) => props.onChange({ time })}
            />
          }
        >
          <CronField
            value={props.draft.cron_expression}
            error={props.errorAt('cron_expression')}
            onChange={(expression) => props.onChange({ cron_expression: expression })}
          />
        </Show>
        <ZoneField
          class={props.draft.frequency === 'monthly' ? 'sm:col-span-2' : ''}
          value={props.draft.time_zone}
          error={props.errorAt('time_zone')}
          onChange={(zone) => props.onChange({ time_zone: zone })}
        />
      </div>
    </>
  )
}

function FrequencyChoice(props: {
  value: Draft['frequency']
  onChange: (frequency: Draft['frequency']) => void
}) {
  const name = createUniqueId()
  return (
    <fieldset class="min-w-0">
      <legend class="mb-1.5 font-medium">{t('modal.frequency')}</legend>
      <div class="grid grid-cols-2 gap-1 rounded-lg bg-sunken p-1 sm:grid-cols-4">
        <For each={frequencies}>
          {(frequency) => (
            <label class="relative grid cursor-pointer place-items-center rounded-md px-2 py-1.5 text-center leading-tight text-soft transition-colors hover:text-ink has-checked:bg-raised has-checked:font-medium has-checked:text-ink has-checked:shadow-low has-checked:inset-ring has-checked:inset-ring-line-strong has-focus-visible:outline-2 has-focus-visible:outline-focus">
              <input
                type="radio"
                name={name}
                value={frequency}
                checked={props.value === frequency}
                class="absolute inset-0 cursor-pointer opacity-0"
                onChange={() => props.onChange(frequency)}
              />
              {t(`modal.frequency.${frequency}`)}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  )
}

function WeekdayChoice(props: {
  value: readonly number[]
  error: string | undefined
  onChange: (weekdays: number[]) => void
}) {
  const id = createUniqueId()
  const days = [1, 2, 3, 4, 5, 6, 7]
  // 5 January 2026 was a Monday.
  const nameOf = (day: number, width: 'short' | 'long') =>
    new Intl.DateTimeFormat(locale(), { weekday: width, timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + day))
  const toggle = (day: number, on: boolean) =>
    props.onChange(days.filter((one) => (one === day ? on : props.value.includes(one))))
  return (
    <fieldset class="min-w-0" aria-describedby={`${id}-error`}>
      <legend class="mb-1.5 font-medium">{t('modal.weekdays')}</legend>
      <div class="grid grid-cols-7 gap-1 sm:flex">
        <For each={days}>
          {(day) => (
            <label class="relative grid h-9 cursor-pointer place-items-center rounded-lg border border-line-strong text-[0.8125rem] text-soft transition-colors select-none hover:border-soft has-checked:border-accent has-checked:bg-accent has-checked:font-medium has-checked:text-on-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus sm:w-14">
              <input
                type="checkbox"
                checked={props.value.includes(day)}
                aria-label={nameOf(day, 'long')}
                class="absolute inset-0 cursor-pointer opacity-0"
                onChange={(event) => toggle(day, event.currentTarget.checked)}
              />
              <span aria-hidden="true">{nameOf(day, 'short')}</span>
            </label>
          )}
        </For>
      </div>
      <div class="mt-1.5">
        <FieldError id={`${id}-error`} text={props.error} />
      </div>
    </fieldset>
  )
}

function CronField(props: {
  value: string
  error: string | undefined
  onChange: (expression: string) => void
}) {
  return (
    <TextField
      label={t('modal.cron')}
      class="sm:col-span-2"
      required
      spellcheck={false}
      autocomplete="off"
      autocapitalize="off"
      style={{ 'font-family': 'ui-monospace, monospace' }}
      value={props.value}
      error={props.error}
      hint={
        <>
          {t('modal.cron_hint')}{' '}
          <For each={cronExamples}>
            {(example) => (
              <button
                type="button"
                class="mr-1.5 rounded-md bg-sunken px-1.5 font-mono whitespace-nowrap text-soft hover:bg-hover hover:text-ink"
                onClick={() => props.onChange(example)}
              >
                {example}
              </button>
            )}
          </For>
        </>
      }
      onChange={(text) => props.onChange(text)}
    />
  )
}
