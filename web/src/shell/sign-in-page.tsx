import { useNavigate, useSearchParams } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import Eye from 'lucide-solid/icons/eye'
import EyeOff from 'lucide-solid/icons/eye-off'
import { createEffect, createSignal, onMount, Show } from 'solid-js'
import { asFailure } from '../api-failure.ts'
import { api } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { LogoMark } from './logo.tsx'
import { TextField } from '../ui/text-field.tsx'
import { loadLocale, locale, t } from '../i18n.ts'
import { useConfiguration } from '../account-queries.ts'
import { safeReturn } from '../session.ts'

/** `/connexion`: leads back to where one was (`retour`); `motif=session` says why one is here again. */
export default function SignInPage() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const configuration = useConfiguration()
  const [search] = useSearchParams<{ retour?: string; motif?: string; error?: string }>()
  const [email, setEmail] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [shown, setShown] = createSignal(false)
  const [missing, setMissing] = createSignal<{ email?: string; password?: string }>({})
  const [failure, setFailure] = createSignal<unknown>(null)
  const [busy, setBusy] = createSignal(false)
  let form: HTMLFormElement | undefined

  createEffect(() => {
    document.title = `${t('sign_in.title')} · ${t('app.name')}`
  })
  onMount(() => form?.querySelector('input')?.focus())

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy()) return
    const gaps = {
      email: email().trim() === '' ? t('sign_in.email_missing') : undefined,
      password: password() === '' ? t('sign_in.password_missing') : undefined,
    }
    setMissing(gaps)
    setFailure(null)
    if (gaps.email || gaps.password) {
      form
        ?.querySelector<HTMLInputElement>(gaps.email ? '[type=email]' : '[autocomplete=current-password]')
        ?.focus()
      return
    }
    setBusy(true)
    try {
      await api.signIn(email().trim(), password())
      client.clear()
      navigate(safeReturn(search.retour), { replace: true })
    } catch (error) {
      setFailure(error)
      if (asFailure(error).code === 'wrong_credentials') {
        form?.querySelector<HTMLInputElement>('[autocomplete=current-password]')?.select()
      }
    } finally {
      setBusy(false)
    }
  }
  const signInElsewhere = async () => {
    setFailure(null)
    setBusy(true)
    try {
      const { url } = await api.signInElsewhere(safeReturn(search.retour))
      location.assign(url)
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <div class="grid min-h-dvh grid-rows-[1fr_auto] px-4">
      <main class="mx-auto flex w-full max-w-88 flex-col justify-center gap-6 py-10">
        <div class="flex flex-col gap-4">
          <LogoMark class="size-11" />
          <div>
            <h1 class="text-2xl font-semibold tracking-[-0.017em]">{t('app.name')}</h1>
            <p class="mt-1 text-[0.9375rem] text-soft">{t('sign_in.lead')}</p>
          </div>
        </div>
        <Show when={search.motif === 'session' && !failure()}>
          <p role="status" class="rounded-xl bg-accent-soft p-3.5">
            {t('sign_in.ended')}
          </p>
        </Show>
        <Show when={search.error && !failure()}>
          <p role="alert" class="rounded-xl bg-red-soft p-3.5">
            {t('sign_in.sso_failed')}
          </p>
        </Show>
        <form
          ref={(element) => (form = element)}
          noValidate
          aria-label={t('sign_in.title')}
          class="flex flex-col gap-4"
          onSubmit={(event) => void submit(event)}
        >
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
          <div class="relative">
            <TextField
              label={t('sign_in.password')}
              type={shown() ? 'text' : 'password'}
              name="password"
              autocomplete="current-password"
              required
              value={password()}
              error={password() === '' ? missing().password : undefined}
              onChange={setPassword}
            />
            <div class="absolute top-[1.6875rem] right-0.5">
              <IconButton
                label={t('sign_in.show_password')}
                icon={shown() ? <EyeOff /> : <Eye />}
                size="small"
                aria-pressed={shown()}
                onClick={() => setShown(!shown())}
              />
            </div>
          </div>
          <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
          <Button kind="primary" type="submit" busy={busy()} class="mt-1 h-10 w-full">
            {t('sign_in.submit')}
          </Button>
        </form>
        <Show when={configuration.data?.single_sign_on}>
          <div class="flex flex-col gap-4">
            <p class="flex items-center gap-3 text-xs text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
              {t('sign_in.or')}
            </p>
            <Button class="h-10 w-full" disabled={busy()} onClick={() => void signInElsewhere()}>
              {t('sign_in.sso')}
            </Button>
          </div>
        </Show>
      </main>
      <footer class="flex justify-center py-6">
        <LanguageSwitch value={locale()} onChange={(wanted) => void loadLocale(wanted)} />
      </footer>
    </div>
  )
}
