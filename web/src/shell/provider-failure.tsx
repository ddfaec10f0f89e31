import CircleAlert from 'lucide-solid/icons/circle-alert'
import { Show } from 'solid-js'
import { t } from '../i18n.ts'
import { SupportContact } from '../ui/support-contact.tsx'

/** By the codes that the service sends back with (`erreur`): whether somebody else has to act. */
const needsHelp = {
  claims_missing: true,
  address_not_verified: true,
  not_invited: true,
  not_in_group: true,
  deactivated: true,
  provider_away: true,
  provider_declined: false,
  provider_wrong: true,
  sign_in_expired: false,
  other: true,
} as const
type Code = keyof typeof needsHelp

/** Why signing in by the organisation's provider did not work, and what to do; a code not of ours says so in general. */
export function ProviderFailure(props: { code: string }) {
  const code = (): Code => (Object.hasOwn(needsHelp, props.code) ? (props.code as Code) : 'other')
  return (
    <div role="alert" class="flex items-start gap-3 rounded-xl bg-red-soft p-3.5 text-ink">
      <CircleAlert aria-hidden="true" class="mt-px size-[1.125rem] shrink-0 text-red" />
      <p class="min-w-0">
        {t(`sign_in.failure.${code()}`)}
        <Show when={needsHelp[code()]}>
          <SupportContact subject={t('sign_in.failure.subject', { code: code() })} />
        </Show>
      </p>
    </div>
  )
}
