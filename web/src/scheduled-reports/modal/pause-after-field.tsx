import { Show } from 'solid-js'
import { t } from '../../i18n.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { TextField } from '../../ui/text-field.tsx'

/** As many as make administrators be told. */
const suggested = 3

/** Whether it is paused by itself after failing so many times running. */
export function PauseAfterField(props: {
  value: number | null
  error: string | undefined
  onChange: (failures: number | null) => void
}) {
  return (
    <div class="flex flex-col gap-2">
      <Checkbox
        label={t('modal.pause_after')}
        hint={t('modal.pause_after_hint')}
        checked={props.value !== null}
        onChange={(on) => props.onChange(on ? suggested : null)}
      />
      <Show when={props.value !== null}>
        <TextField
          class="ml-6.5 max-w-44"
          label={t('modal.pause_after.failures')}
          type="number"
          inputmode="numeric"
          min={1}
          max={100}
          step={1}
          required
          value={Number.isNaN(props.value) ? '' : String(props.value)}
          error={props.error}
          onChange={(text) => props.onChange(text.trim() === '' ? Number.NaN : Number(text))}
        />
      </Show>
    </div>
  )
}
