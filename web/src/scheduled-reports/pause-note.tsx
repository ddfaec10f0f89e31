import FileX from 'lucide-solid/icons/file-x'
import MessageSquareText from 'lucide-solid/icons/message-square-text'
import { Show } from 'solid-js'
import { t } from '../i18n.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import UserRoundX from 'lucide-solid/icons/user-round-x'
import { Badge } from '../ui/badge.tsx'

/** More than about two lines of a narrow column. */
const maxLength = 80

/** Why it is paused; an operator's long note is truncated, with all of it in a tooltip. */
export function PauseNote(props: { note: string }) {
  const isLong = () => props.note.length > maxLength
  return (
    <span class="flex items-start gap-1 text-xs text-amber">
      <MessageSquareText aria-hidden="true" class="mt-px size-3.5 shrink-0" />
      <span class="sr-only">{t('scheduled.pause_note')}</span>
      <Show when={isLong()} fallback={<span class="min-w-0 break-words">{props.note}</span>}>
        <Tooltip text={props.note}>
          <span tabIndex={0} class="line-clamp-2 min-w-0 rounded-sm break-words">
            {props.note}
          </span>
        </Tooltip>
      </Show>
    </span>
  )
}

/** On a scheduled report whose type is not in the catalogue any more. */
export function TypeGoneBadge() {
  return (
    <Tooltip text={t('scheduled.type_gone_detail')}>
      <span tabIndex={0} class="rounded-sm">
        <Badge tone="red" mark={<FileX />}>
          {t('scheduled.type_gone')}
        </Badge>
      </span>
    </Tooltip>
  )
}

/** On a scheduled report whose owner's account is deactivated. */
export function OwnerBadge() {
  return (
    <Badge tone="amber" mark={<UserRoundX />}>
      {t('owner.inactive')}
    </Badge>
  )
}
