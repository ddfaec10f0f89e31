import { Combobox as Base } from '@kobalte/core/combobox'
import Check from 'lucide-solid/icons/check'
import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down'
import X from 'lucide-solid/icons/x'
import { createUniqueId, For } from 'solid-js'
import { t } from '../i18n.ts'
import {
  announcements,
  ChoiceList,
  createChoices,
  itemClass,
  ItemText,
  keepEscape,
  type ChoicesProps,
  type ComboboxOption,
} from './create-choices.tsx'
import { FieldNotes, type FieldProps } from './field.tsx'

export interface MultiComboboxProps extends FieldProps, ChoicesProps {
  values: readonly string[]
  onChange: (values: string[]) => void
  /** Beneath the choices: that there are more, or that they could not be read. */
  note?: string
}

/** Several choices out of many, found by typing; what is chosen stands in the field as chips. */
export function MultiCombobox(props: MultiComboboxProps) {
  const id = createUniqueId()
  const choices = createChoices(props, { values: () => props.values, textOf: ({ label }) => label })
  return (
    <Base<ComboboxOption>
      multiple
      class={`flex min-w-0 flex-col gap-1.5 ${props.class ?? ''}`}
      options={choices.offered()}
      optionValue="value"
      optionTextValue="label"
      optionLabel="label"
      value={choices.chosen()}
      onChange={(options) => props.onChange(options.map(({ value }) => value))}
      onInputChange={choices.search}
      defaultFilter={choices.isFound}
      triggerMode="focus"
      disabled={props.disabled}
      validationState={props.error ? 'invalid' : 'valid'}
      gutter={4}
      sameWidth
      translations={announcements}
      allowsEmptyCollection
      closeOnSelection={false}
      itemComponent={(item) => (
        <Base.Item item={item.item} class={itemClass}>
          <span
            aria-hidden="true"
            class="grid size-4 shrink-0 place-items-center rounded-[0.3125rem] border border-line-strong text-on-accent [[data-selected]>&]:border-accent [[data-selected]>&]:bg-accent"
          >
            <Base.ItemIndicator>
              <Check class="size-3 stroke-[3]" />
            </Base.ItemIndicator>
          </span>
          <ItemText option={item.item.rawValue} />
        </Base.Item>
      )}
    >
      <Base.Label class={props.hideLabel ? 'sr-only' : 'font-medium text-ink'}>{props.label}</Base.Label>
      <Base.Control<ComboboxOption> class="control relative flex flex-wrap items-center gap-1 py-1 pr-8 pl-1.5">
        {(state) => (
          <>
            <For each={state.selectedOptions()}>
              {(option) => (
                <span class="inline-flex max-w-full items-center rounded-md bg-sunken text-[0.8125rem] inset-ring inset-ring-line">
                  <span class="truncate py-0.5 pl-2">{option.label}</span>
                  <button
                    type="button"
                    aria-label={t('filters.remove', { value: option.label })}
                    class="grid size-6 shrink-0 place-items-center rounded-md text-soft hover:text-ink"
                    disabled={props.disabled}
                    onClick={() => state.remove(option)}
                  >
                    <X aria-hidden="true" class="size-3.5" />
                  </button>
                </span>
              )}
            </For>
            <Base.Input
              class="min-w-16 flex-1 bg-transparent px-1 py-0.5 outline-none"
              placeholder={props.values.length === 0 ? (props.placeholder ?? t('filters.any')) : undefined}
              aria-describedby={`${id}-hint ${id}-error`}
              aria-invalid={props.error ? true : undefined}
              onKeyDown={keepEscape}
            />
            <ChevronsUpDown
              aria-hidden="true"
              class="pointer-events-none absolute top-2.5 right-2.5 size-4 text-faint"
            />
          </>
        )}
      </Base.Control>
      <FieldNotes id={id} hint={props.hint} error={props.error} />
      <ChoiceList isEmpty={choices.shown().length === 0} note={props.note} />
    </Base>
  )
}
