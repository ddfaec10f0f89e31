import { A, useNavigate, useSearchParams } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import { useConfiguration } from '../account-queries.ts'
import { asFailure } from '../api-failure.ts'
import { api } from '../api.ts'
import { basePath } from '../base-path.ts'
import { t } from '../i18n.ts'
import { safeReturn } from '../session.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { ProviderFailure } from './provider-failure.tsx'
import { SignInForm, SignInFrame, textLinkClass } from './sign-in-frame.tsx'

/** `/connexion`: leads back to where one was (`retour`); `motif=session` and `erreur` say why one is here again. */
export default function SignInPage() {
  const configuration = useConfiguration()
  const [search] = useSearchParams<{ retour?: string; motif?: string; erreur?: string }>()
  const [attempted, setAttempted] = createSignal(false)
  const returnTo = () => safeReturn(search.retour)
  // A form is better than nothing where the service does not say.
  const isByPassword = () => configuration.data?.password_sign_in ?? configuration.isError
  const isByProvider = () => configuration.data?.single_sign_on === true
  return (
    <SignInFrame title={t('sign_in.title')} heading={t('app.name')} lead={t('sign_in.lead')}>
      <Show when={search.motif === 'session' && !attempted()}>
        <p role="status" class="rounded-xl bg-accent-soft p-3.5">
          {t('sign_in.ended')}
        </p>
      </Show>
      <Show when={!attempted() && search.erreur}>{(code) => <ProviderFailure code={code()} />}</Show>
      <Show when={isByPassword()}>
        <PasswordForm returnTo={returnTo()} onAttempt={() => setAttempted(true)} />
      </Show>
      <Show when={isByProvider()}>
        <div class="flex flex-col gap-4">
          <Show when={isByPassword()}>
            <p class="flex items-center gap-3 text-xs text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
              {t('sign_in.or')}
            </p>
          </Show>
          {/* A navigation: the service leads on to the provider. `external` keeps the router out of it. */}
          <a
            rel="external"
            href={`${basePath}/api/auth/provider?${new URLSearchParams({ retour: returnTo() })}`}
            class={`${buttonClass(isByPassword() ? 'secondary' : 'primary')} h-10 w-full`}
          >
            {t('sign_in.sso')}
          </a>
        </div>
      </Show>
    </SignInFrame>
  )
}

function PasswordForm(props: { returnTo: string; onAttempt: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [email, setEmail] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [missing, setMissing] = createSignal<{ email?: string; password?: string }>({})
  const [failure, setFailure] = createSignal<unknown>(null)
  const [busy, setBusy] = createSignal(false)
  let form: HTMLFormElement | undefined
  const passwordInput = () => form?.querySelector<HTMLInputElement>('[autocomplete=current-password]')

  const submit = async () => {
    if (busy()) return
    const gaps = {
      email: email().trim() === '' ? t('sign_in.email_missing') : undefined,
      password: password() === '' ? t('sign_in.password_missing') : undefined,
    }
    setMissing(gaps)
    setFailure(null)
    props.onAttempt()
    if (gaps.email) return form?.querySelector<HTMLInputElement>('[type=email]')?.focus()
    if (gaps.password) return passwordInput()?.focus()
    setBusy(true)
    try {
      await api.signIn(email().trim(), password())
      client.clear()
      navigate(props.returnTo, { replace: true })
    } catch (error) {
      setFailure(error)
      if (asFailure(error).code === 'wrong_credentials') passwordInput()?.select()
    } finally {
      setBusy(false)
    }
  }
  return (
    <SignInForm label={t('sign_in.title')} ref={(element) => (form = element)} onSubmit={() => void submit()}>
      <TextField
        label={t('sign_in.email')}
        type="email"
        name="email"
        autocomplete="username"
        inputmode="email"
        required
        value={email()}
        error={email().trim() === '' ? missing().email : undefined}
        onChange={setEmail}
      />
      <PasswordField
        label={t('sign_in.password')}
        autocomplete="current-password"
        required
        value={password()}
        error={password() === '' ? missing().password : undefined}
        onChange={setPassword}
      />
      <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
      <Button kind="primary" type="submit" busy={busy()} class="mt-1 h-10 w-full">
        {t('sign_in.submit')}
      </Button>
      <A href={pagePaths.forgottenPassword} class={`self-center ${textLinkClass}`}>
        {t('sign_in.forgotten')}
      </A>
    </SignInForm>
  )
}
