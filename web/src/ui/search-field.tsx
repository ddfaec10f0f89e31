import Search from 'lucide-solid/icons/search'
import { t } from '../i18n.ts'
import { TextField } from './text-field.tsx'

/** Searches the list below it. @param props.hint what can be searched for. */
export function SearchField(props: { hint: string; value: string; onChange: (text: string) => void }) {
  return (
    <TextField
      label={t('scheduled.search')}
      hideLabel
      type="search"
      icon={<Search />}
      class="w-full sm:w-72"
      placeholder={props.hint}
      maxLength={200}
      value={props.value}
      onChange={(text) => props.onChange(text)}
    />
  )
}
