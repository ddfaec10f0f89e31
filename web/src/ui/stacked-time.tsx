import { formatDate, formatRelative } from '../format.ts'
import { locale } from '../i18n.ts'
import { timeZone } from '../time-zone.ts'
import { useNow } from './relative-time.tsx'

/** Date over hour, for columns that are many; how long ago on hover. */
export function StackedTime(props: { at: string }) {
  const now = useNow()
  return (
    <time datetime={props.at} title={formatRelative(props.at, now(), locale())}>
      {formatDate(props.at, 'date', locale(), timeZone())}{' '}
      <span class="mt-0.5 block text-xs text-faint">
        {formatDate(props.at, 'time', locale(), timeZone())}
      </span>
    </time>
  )
}
