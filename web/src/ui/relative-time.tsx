import { createSignal, onCleanup, onMount } from 'solid-js'
import { formatDate, formatRelative, type DateStyle } from '../format.ts'
import { locale, timeZone } from '../i18n.ts'
import { Tooltip } from './tooltip.tsx'

/** One clock for every relative time on the page. */
const [now, setNow] = createSignal(new Date())
let readers = 0
let timer: ReturnType<typeof setInterval> | undefined
const tickMs = 10_000

/** The time of the page, moving on by itself while something on it reads it. */
export function useNow() {
  onMount(() => {
    setNow(new Date())
    if (readers++ === 0) timer = setInterval(() => setNow(new Date()), tickMs)
  })
  onCleanup(() => {
    if (--readers === 0) clearInterval(timer)
  })
  return now
}

/** « il y a 3 minutes », with the exact date and time on hover and focus. */
export function RelativeTime(props: { at: string }) {
  const now = useNow()
  return (
    <Tooltip text={formatDate(props.at, 'long', locale(), timeZone())}>
      <time
        datetime={props.at}
        tabIndex={0}
        class="rounded-sm underline decoration-line-strong decoration-dotted underline-offset-4"
      >
        {formatRelative(props.at, now(), locale())}
      </time>
    </Tooltip>
  )
}

/** The exact date and time, in the person's zone, with how long ago on hover. */
export function ExactTime(props: { at: string; style?: DateStyle }) {
  const now = useNow()
  return (
    <time datetime={props.at} title={formatRelative(props.at, now(), locale())}>
      {formatDate(props.at, props.style ?? 'dateTime', locale(), timeZone())}
    </time>
  )
}

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
