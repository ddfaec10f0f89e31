import { Match, Switch } from 'solid-js'
import type { UserJson } from '../api.ts'
import { t } from '../i18n.ts'
import { Badge } from '../ui/badge.tsx'

/** Active, invited (never signed in), deactivated, or anonymised. */
export function PersonState(props: { person: UserJson }) {
  return (
    <Switch fallback={<Badge tone="green">{t('people.active')}</Badge>}>
      <Match when={props.person.anonymised}>
        <Badge tone="outline">{t('people.anonymised')}</Badge>
      </Match>
      <Match when={!props.person.active}>
        <Badge tone="outline">{t('people.inactive')}</Badge>
      </Match>
      <Match when={props.person.joined_at === null}>
        <Badge tone="amber">{t('people.invited')}</Badge>
      </Match>
    </Switch>
  )
}
