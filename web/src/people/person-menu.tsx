import ArrowRightLeft from 'lucide-solid/icons/arrow-right-left'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import Eraser from 'lucide-solid/icons/eraser'
import Pencil from 'lucide-solid/icons/pencil'
import ScrollText from 'lucide-solid/icons/scroll-text'
import Send from 'lucide-solid/icons/send'
import { useNavigate } from '@solidjs/router'
import { pagePaths } from '#domain/page-paths.ts'
import type { UserJson } from '../api.ts'
import { t } from '../i18n.ts'
import { Menu, type MenuItem } from '../ui/menu.tsx'

export type PersonDialog = 'edit' | 'hand-over' | 'anonymise' | 'deactivate'

export interface PersonMenuProps {
  person: UserJson
  isOneself: boolean
  onOpen: (dialog: PersonDialog) => void
  onInviteAgain: () => void
}

/** What can be done with an account besides closing it. */
export function PersonMenu(props: PersonMenuProps) {
  const navigate = useNavigate()
  const journal = () =>
    `${pagePaths.audit}?subject_type=person&subject_id=${encodeURIComponent(props.person.id)}`
  const items = (): MenuItem[] => [
    { label: t('people.edit'), icon: <Pencil />, onSelect: () => props.onOpen('edit') },
    ...(props.person.active && props.person.joined_at === null
      ? [{ label: t('people.invite_again'), icon: <Send />, onSelect: () => props.onInviteAgain() }]
      : []),
    ...(props.person.scheduled_reports > 0
      ? [
          {
            label: t('people.hand_over'),
            icon: <ArrowRightLeft />,
            onSelect: () => props.onOpen('hand-over'),
          },
        ]
      : []),
    { label: t('audit.show'), icon: <ScrollText />, onSelect: () => navigate(journal()) },
    ...(props.isOneself
      ? []
      : [
          {
            label: t('people.anonymise'),
            icon: <Eraser />,
            danger: true,
            separated: true,
            onSelect: () => props.onOpen('anonymise'),
          },
        ]),
  ]
  return (
    <Menu
      label={t('people.actions_on', { name: props.person.name })}
      trigger={<Ellipsis />}
      items={items()}
    />
  )
}
