import { Show } from 'solid-js'
import { useConfiguration, useMe } from '../account-queries.ts'
import { t } from '../i18n.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { ApiKeysPanel } from './api-keys-panel.tsx'
import { PasswordPanel } from './password-panel.tsx'
import { ProfilePanel } from './profile-panel.tsx'
import { SessionsPanel } from './sessions-panel.tsx'

/** `/compte`: one's own account, and everything that opens it. */
export default function AccountPage() {
  const me = useMe()
  const configuration = useConfiguration()
  return (
    <>
      <PageHeader title={t('account.title')} lead={t('account.lead')} />
      <div class="grid items-start gap-5 xl:grid-cols-2">
        <Show when={me.data}>{(person) => <ProfilePanel person={person()} />}</Show>
        <Show when={me.data?.has_password && configuration.data?.password_sign_in}>
          <PasswordPanel email={me.data?.email ?? ''} />
        </Show>
        <SessionsPanel class="xl:col-span-2" />
        <Show when={me.data}>
          {(person) => <ApiKeysPanel class="xl:col-span-2" isAdmin={person().role === 'admin'} />}
        </Show>
      </div>
    </>
  )
}
