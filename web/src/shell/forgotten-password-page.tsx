import { A } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import { api } from '../api.ts'
import { t } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { SupportContact } from '../ui/support-contact.tsx'
import { TextField } from '../ui/text-field.tsx'
import { SignInForm, SignInFrame, textLinkClass } from './sign-in-frame.tsx'

/** `/mot-de-passe`: asks for the mail with a link. Nobody learns here whether an address has an account. */
export default function ForgottenPasswordPage() {
  const [email, setEmail] = createSignal('')
  const [attempted, setAttempted] = createSignal(false)
  const [failure, setFailure] = createSignal<unknown>(null)
  const [busy, setBusy] = createSignal(false)
  const [sentTo, setSentTo] = createSignal<string>()
  let form: HTMLFormElement | undefined

  const submit = async () => {
    if (busy()) return
    setAttempted(true)
    setFailure(null)
    const address = email().trim()
    if (address === '') return form?.querySelector('input')?.focus()
    setBusy(true)
    try {
      await api.sendPasswordLink(address)
      setSentTo(address)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <SignInFrame title={t('forgotten.title')} lead={t('forgotten.lead')}>
      <Show
        when={sentTo()}
        fallback={
          <SignInForm
            label={t('forgotten.title')}
            ref={(element) => (form = element)}
            onSubmit={() => void submit()}
          >
            <TextField
              label={t('sign_in.email')}
              type="email"
              name="email"
              autocomplete="username"
              inputmode="email"
              required
              value={email()}
              error={attempted() && email().trim() === '' ? t('sign_in.email_missing') : undefined}
              onChange={setEmail}
            />
            <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
            <Button kind="primary" type="submit" busy={busy()} class="mt-1 h-10 w-full">
              {t('forgotten.submit')}
            </Button>
          </SignInForm>
        }
      >
        {(address) => (
          <div role="status" class="flex flex-col gap-2 rounded-xl bg-accent-soft p-3.5">
            <p class="font-medium">{t('forgotten.sent', { email: address() })}</p>
            <p class="text-soft">
              {t('forgotten.nothing_came')}
              <SupportContact subject={t('forgotten.title')} />
            </p>
          </div>
        )}
      </Show>
      <A href={pagePaths.signIn} class={`self-center ${textLinkClass}`}>
        {t('forgotten.back')}
      </A>
    </SignInFrame>
  )
}
