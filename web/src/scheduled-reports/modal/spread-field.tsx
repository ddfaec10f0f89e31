import { useConfiguration } from '../../account-queries.ts'
import { t } from '../../i18n.ts'
import { Select } from '../../ui/select.tsx'
import { spreadWords } from './draft-words.ts'

const offered = [null, 0, 5, 10, 15, 30, 60]

/** Over how many minutes after the time due the starts are spread. */
export function SpreadField(props: {
  value: number | null
  error: string | undefined
  onChange: (minutes: number | null) => void
}) {
  const configuration = useConfiguration()
  // A program may have set another number: it stays a choice.
  const choices = () => (offered.includes(props.value) ? offered : [...offered, props.value])
  return (
    <Select
      label={t('modal.spread')}
      hint={t('modal.spread_hint')}
      value={String(props.value)}
      error={props.error}
      options={choices().map((minutes) => ({
        value: String(minutes),
        label: spreadWords(minutes, configuration.data?.schedule_spread_minutes),
      }))}
      onChange={(choice) => props.onChange(choice === 'null' ? null : Number(choice))}
    />
  )
}
