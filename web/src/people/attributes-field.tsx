import Plus from 'lucide-solid/icons/plus'
import X from 'lucide-solid/icons/x'
import { createSignal, Index, For, Show } from 'solid-js'
import type { Attribute } from '../api.ts'
import { formatList } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { FieldError } from '../ui/field.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { AttributeDraft } from './attribute-draft.ts'
import { useAttributes } from './people-queries.ts'

export interface AttributesFieldProps {
  draft: AttributeDraft
  onChange: (draft: AttributeDraft) => void
  error: string | undefined
}

/** What limits the rows a person sees: what the report types ask for, and whatever else is written there. */
export function AttributesField(props: AttributesFieldProps) {
  const known = useAttributes()
  const isKnown = (name: string) => known.data?.some(({ attribute }) => attribute === name) ?? false
  const others = () => Object.keys(props.draft.values).filter((name) => !isKnown(name))
  const setValue = (name: string, value: string) =>
    props.onChange({ ...props.draft, values: { ...props.draft.values, [name]: value } })
  const setAdded = (added: AttributeDraft['added']) => props.onChange({ ...props.draft, added })
  const changeAdded = (index: number, change: Partial<AttributeDraft['added'][number]>) =>
    setAdded(props.draft.added.map((row, position) => (position === index ? { ...row, ...change } : row)))
  return (
    <fieldset class="flex flex-col gap-3">
      <legend class="mb-1 font-medium">{t('people.attributes')}</legend>
      <p class="text-xs text-faint">{t('people.attributes_hint')}</p>
      <Show when={known.isError}>
        <ErrorNotice error={known.error} onRetry={() => void known.refetch()} retrying={known.isFetching} />
      </Show>
      <For each={known.data}>
        {(attribute) => (
          <KnownAttribute
            attribute={attribute}
            value={props.draft.values[attribute.attribute] ?? ''}
            onChange={(value) => setValue(attribute.attribute, value)}
          />
        )}
      </For>
      <For each={others()}>
        {(name) => (
          <TextField
            label={name}
            maxLength={200}
            autocomplete="off"
            value={props.draft.values[name] ?? ''}
            onChange={(value) => setValue(name, value)}
          />
        )}
      </For>
      {/* By place: what is typed in a row changes its item. */}
      <Index each={props.draft.added}>
        {(row, index) => (
          <div class="flex items-end gap-2">
            <TextField
              label={t('people.attribute_name')}
              class="flex-1"
              maxLength={50}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              value={row().name}
              onChange={(name) => changeAdded(index, { name })}
            />
            <TextField
              label={t('people.attribute_value')}
              class="flex-1"
              maxLength={200}
              autocomplete="off"
              value={row().value}
              onChange={(value) => changeAdded(index, { value })}
            />
            <IconButton
              label={t('people.attribute_remove')}
              icon={<X />}
              onClick={() => setAdded(props.draft.added.filter((_, position) => position !== index))}
            />
          </div>
        )}
      </Index>
      <FieldError id="attributes-error" text={props.error} />
      <Button
        size="small"
        kind="quiet"
        class="self-start"
        icon={<Plus />}
        onClick={() => setAdded([...props.draft.added, { name: '', value: '' }])}
      >
        {t('people.attribute_add')}
      </Button>
    </fieldset>
  )
}

/** Chosen among the values that the source has; typed where there are none to choose from. */
function KnownAttribute(props: { attribute: Attribute; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = createSignal('')
  const hint = () => t('people.attribute_types', { types: formatList(props.attribute.types, locale()) })
  const none = () => ({ value: '', label: t('people.attribute_none') })
  const options = () => {
    const values = props.attribute.values.map((value) => ({ value, label: value }))
    const wanted = typed().trim()
    const isListed = wanted === '' || props.attribute.values.includes(wanted) || wanted === none().label
    // The list is not all there is: a value that is not on it can be typed.
    const own = props.attribute.truncated && !isListed ? [{ value: wanted, label: wanted }] : []
    return [none(), ...own, ...values]
  }
  return (
    <Show
      when={props.attribute.values.length > 0}
      fallback={
        <TextField
          label={props.attribute.title}
          hint={hint()}
          maxLength={200}
          autocomplete="off"
          value={props.value}
          onChange={props.onChange}
        />
      }
    >
      <Combobox
        label={props.attribute.title}
        hint={hint()}
        value={props.value}
        options={options()}
        onTyped={setTyped}
        onChange={(value) => props.onChange(value ?? '')}
      />
    </Show>
  )
}
