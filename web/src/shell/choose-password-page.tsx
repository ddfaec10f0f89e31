import { A, useNavigate, useParams } from '@solidjs/router'
import { useQuery, useQueryClient } from '@tanstack/solid-query'
import { createSignal, Match, Show, Switch } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import { asFailure } from '../api-failure.ts'
import { api } from '../api.ts'
import { t } from '../i18n.ts'
import type { AnswerOf } from '../query-client.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { SupportContact } from '../ui/support-contact.tsx'
import { TextField } from '../ui/text-field.tsx'
import { SignInForm, SignInFrame, textLinkClass } from './sign-in-frame.tsx'

/** `/mot-de-passe/{token}`: where the link of an invitation, or of a forgotten password, leads. */
export default function ChoosePasswordPage() {
  const params = useParams<{ token: string }>()
  const [expired, setExpired] = createSignal(false)
  const link = useQuery(() => ({
    queryKey: ['password-link', params.token],
    queryFn: ({ signal }) => api.passwordLink(params.token, signal),
    // Asked once: used by this very page, it is no longer valid.
    staleTime: Infinity,
    gcTime: 0,
  }))
  const isExpired = () => expired() || (link.isError && [404, 410].includes(asFailure(link.error).status))
  const words = () => {
    if (isExpired()) return { title: t('choose.expired'), lead: t('choose.expired_lead') }
    if (link.data?.is_invitation) {
      return { title: t('choose.welcome', { name: link.data.name }), lead: t('choose.welcome_lead') }
    }
    return { title: t('choose.title'), lead: t('choose.lead') }
  }
  return (
    <SignInFrame title={words().title} lead={words().lead}>
      <Switch fallback={<SkeletonLines count={3} />}>
        <Match when={isExpired()}>
          <p class="text-soft">
            {t('choose.expired_invitation')}
            <SupportContact subject={t('choose.expired')} />
          </p>
          <A href={pagePaths.forgottenPassword} class={`${buttonClass('primary')} h-10 w-full`}>
            {t('choose.ask_again')}
          </A>
          <A href={pagePaths.signIn} class={`self-center ${textLinkClass}`}>
            {t('forgotten.back')}
          </A>
        </Match>
        <Match when={link.isError}>
          <ErrorNotice error={link.error} onRetry={() => void link.refetch()} retrying={link.isFetching} />
        </Match>
        <Match when={link.data}>
          {(person) => (
            <ChoosePasswordForm token={params.token} person={person()} onExpired={() => setExpired(true)} />
          )}
        </Match>
      </Switch>
    </SignInFrame>
  )
}

function ChoosePasswordForm(props: {
  token: string
  person: AnswerOf<'passwordLink'>
  onExpired: () => void
}) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [password, setPassword] = createSignal('')
  const [attempted, setAttempted] = createSignal(false)
  const [failure, setFailure] = createSignal<unknown>(null)
  const [busy, setBusy] = createSignal(false)
  let form: HTMLFormElement | undefined
  const passwordInput = () => form?.querySelector<HTMLInputElement>('[autocomplete=new-password]')
  const refusal = () => (failure() ? asFailure(failure()).errorAt('password') : undefined)

  const submit = async () => {
    if (busy()) return
    setAttempted(true)
    setFailure(null)
    if (password() === '') return passwordInput()?.focus()
    setBusy(true)
    try {
      await api.choosePassword(props.token, password())
      client.clear()
      navigate(pagePaths.reports, { replace: true })
    } catch (error) {
      if (asFailure(error).code === 'link_expired') return props.onExpired()
      setFailure(error)
      if (refusal()) passwordInput()?.select()
    } finally {
      setBusy(false)
    }
  }
  return (
    <SignInForm label={t('choose.title')} ref={(element) => (form = element)} onSubmit={() => void submit()}>
      {/* A field rather than a text: password managers keep the password under it. */}
      <TextField
        label={t('sign_in.email')}
        type="email"
        name="email"
        autocomplete="username"
        readOnly
        class="[&_input]:bg-sunken"
        value={props.person.email}
        onChange={() => undefined}
      />
      <PasswordField
        label={t('password.new')}
        hint={t('password.rules')}
        autocomplete="new-password"
        required
        value={password()}
        error={refusal() ?? (attempted() && password() === '' ? t('password.new_missing') : undefined)}
        onChange={(typed) => {
          setPassword(typed)
          setFailure(null)
        }}
      />
      <Show when={failure() && !refusal()}>
        <ErrorNotice error={failure()} />
      </Show>
      <Button kind="primary" type="submit" busy={busy()} class="mt-1 h-10 w-full">
        {t(props.person.is_invitation ? 'choose.submit_welcome' : 'choose.submit')}
      </Button>
    </SignInForm>
  )
}
