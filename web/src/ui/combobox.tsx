import { Combobox as Base } from '@kobalte/core/combobox'
import Check from 'lucide-solid/icons/check'
import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down'
import { createUniqueId } from 'solid-js'
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

export interface ComboboxProps extends FieldProps, ChoicesProps {
  value: string | null
  onChange: (value: string | null) => void
  /** What is typed; the options are narrowed here all the same. */
  onTyped?: (text: string) => void
}

/** One choice out of many, found by typing. */
export function Combobox(props: ComboboxProps) {
  const id = createUniqueId()
  const choices = createChoices(props, {
    values: () => {
      const { value } = props
      // No choice may be one of the options.
      const isOne = value !== null && (value !== '' || props.options.some((option) => option.value === ''))
      return isOne ? [value] : []
    },
    textOf: ({ label, detail = '', value }) => `${label} ${detail} ${value}`,
    isNamed: true,
  })
  return (
    <Base<ComboboxOption>
      class={`flex min-w-0 flex-col gap-1.5 ${props.class ?? ''}`}
      options={choices.offered()}
      optionValue="value"
      optionTextValue="label"
      optionLabel="label"
      value={choices.chosen()[0] ?? null}
      onChange={(option) => props.onChange(option?.value ?? null)}
      onInputChange={(text) => {
        props.onTyped?.(text)
        choices.search(text)
      }}
      onOpenChange={(open) => {
        if (!open) choices.search('')
      }}
      defaultFilter={choices.isFound}
      triggerMode="focus"
      placeholder={props.placeholder}
      disabled={props.disabled}
      validationState={props.error ? 'invalid' : 'valid'}
      gutter={4}
      sameWidth
      translations={announcements}
      allowsEmptyCollection
      disallowEmptySelection
      itemComponent={(item) => (
        <Base.Item item={item.item} class={itemClass}>
          <ItemText option={item.item.rawValue} />
          <Base.ItemIndicator>
            <Check aria-hidden="true" class="size-4 text-accent" />
          </Base.ItemIndicator>
        </Base.Item>
      )}
    >
      <Base.Label class={props.hideLabel ? 'sr-only' : 'font-medium text-ink'}>{props.label}</Base.Label>
      <Base.Control class="relative">
        <Base.Input
          class="control pr-8"
          aria-describedby={`${id}-hint ${id}-error`}
          aria-invalid={props.error ? true : undefined}
          onFocus={(event) => event.currentTarget.select()}
          onKeyDown={keepEscape}
        />
        {/* No button of its own: the field opens by itself, and one name means one control. */}
        <ChevronsUpDown
          aria-hidden="true"
          class="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-faint"
        />
      </Base.Control>
      <FieldNotes id={id} hint={props.hint} error={props.error} />
      <ChoiceList isEmpty={choices.shown().length === 0} />
    </Base>
  )
}
