import { A, useNavigate } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import LogOut from 'lucide-solid/icons/log-out'
import Monitor from 'lucide-solid/icons/monitor'
import Moon from 'lucide-solid/icons/moon'
import Sun from 'lucide-solid/icons/sun'
import UserRoundCog from 'lucide-solid/icons/user-round-cog'
import { createSignal, type JSX } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import type { Locale } from '#domain/locale.ts'
import { api, type Me } from '../api.ts'
import { locale, t } from '../i18n.ts'
import { useChangeMe } from '../account-queries.ts'
import { setTheme, theme, themes, type Theme } from '../theme.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { Menu } from '../ui/menu.tsx'
import { toastError } from '../ui/toast.tsx'

const themeIcons: Readonly<Record<Theme, () => JSX.Element>> = {
  system: () => <Monitor />,
  light: () => <Sun />,
  dark: () => <Moon />,
}

/** Who is signed in, in which language and light, and the way out. */
export function AccountBar(props: { person: Me }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const change = useChangeMe()
  const [leaving, setLeaving] = createSignal(false)

  const chooseLanguage = (wanted: Locale) => {
    // The pages speak as the account says (see app-shell.tsx).
    change.mutate(
      { locale: wanted },
      {
        onError: (error) => toastError(error, { onRetry: () => chooseLanguage(wanted) }),
        // Words that the service writes come in the new language.
        onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' }),
      },
    )
  }
  const leave = async () => {
    setLeaving(true)
    try {
      const { continue_at: onwards } = await api.signOut()
      client.clear()
      if (onwards === null) navigate(pagePaths.signIn)
      else location.assign(onwards)
    } catch (error) {
      toastError(error, { onRetry: () => void leave() })
    } finally {
      setLeaving(false)
    }
  }
  return (
    <section aria-label={t('nav.account')} class="flex flex-col gap-2 border-t border-line px-3 py-3">
      <A
        href={pagePaths.account}
        title={t('nav.my_account')}
        class="group flex items-center gap-2.5 rounded-lg px-1 py-1 transition-colors hover:bg-hover"
        activeClass="bg-accent-soft"
      >
        <span
          aria-hidden="true"
          class="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent-strong"
        >
          {initials(props.person.name)}
        </span>
        <span class="min-w-0 flex-1 leading-tight">
          <span class="sr-only">{t('nav.my_account')}, </span>
          <span class="block truncate font-medium">{props.person.name}</span>
          <span class="block truncate text-xs text-faint">{props.person.email}</span>
        </span>
        <UserRoundCog aria-hidden="true" class="size-[1.0625rem] shrink-0 text-soft group-hover:text-ink" />
      </A>
      <div class="flex items-center justify-between">
        <LanguageSwitch value={locale()} onChange={chooseLanguage} />
        <div class="flex items-center">
          <Menu
            label={t('nav.theme')}
            trigger={themeIcons[theme()]()}
            placement="top-end"
            items={themes.map((one) => ({
              label: t(`theme.${one}`),
              icon: themeIcons[one](),
              checked: theme() === one,
              onSelect: () => setTheme(one),
            }))}
          />
          <IconButton
            label={t('nav.sign_out')}
            icon={<LogOut />}
            size="small"
            disabled={leaving()}
            onClick={() => void leave()}
          />
        </div>
      </div>
    </section>
  )
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}
