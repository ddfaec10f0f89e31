import { useLocation, useNavigate, type RouteSectionProps } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import MenuIcon from 'lucide-solid/icons/menu'
import { createEffect, createSignal, on, Show } from 'solid-js'
import { asFailure } from '../api-failure.ts'
import { withoutBasePath } from '../base-path.ts'
import { loadLocale, locale, t, setTimeZone } from '../i18n.ts'
import { useLiveReports } from '../reports/live-reports.ts'
import { useMe } from '../account-queries.ts'
import { sessionEnds, signInPath } from '../session.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Logo } from './logo.tsx'
import { Navigation } from './navigation.tsx'
import { PageBoundary } from '../ui/page-boundary.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { ForbiddenPage } from './not-found-page.tsx'

/** Around every page of a signed-in person: navigation beside it (on phones behind a button), and the live reports. */
export function AppShell(props: RouteSectionProps) {
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const location = useLocation()
  const [menuOpen, setMenuOpen] = createSignal(false)

  createEffect(
    on(
      sessionEnds,
      () => {
        const here = withoutBasePath(location.pathname) + location.search
        // The next person to sign in may be another one: nothing cached may stay.
        const wasSignedIn = client.getQueryData(['me']) !== undefined
        client.clear()
        navigate(signInPath(here, wasSignedIn ? 'session' : undefined), { replace: true })
      },
      { defer: true },
    ),
  )
  createEffect(() => {
    if (!me.data) return
    setTimeZone(me.data.time_zone)
    if (me.data.locale !== locale()) void loadLocale(me.data.locale)
  })
  createEffect(
    on(
      () => location.pathname,
      () => setMenuOpen(false),
      { defer: true },
    ),
  )

  const isSignedOut = () => me.isError && asFailure(me.error).status === 401
  return (
    <div class="min-h-dvh lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)]">
      <a
        href="#contenu"
        class="fixed top-2 left-2 z-50 -translate-y-16 rounded-lg bg-accent px-3 py-2 font-medium text-on-accent focus:translate-y-0"
      >
        {t('nav.skip')}
      </a>
      <aside class="sticky top-0 hidden h-dvh border-r border-line bg-surface lg:block">
        <Navigation />
      </aside>
      <header class="sticky top-0 z-30 flex h-13 items-center gap-2 border-b border-line bg-surface/95 px-2.5 backdrop-blur lg:hidden">
        <IconButton
          label={t('nav.open')}
          icon={<MenuIcon />}
          aria-expanded={menuOpen()}
          aria-haspopup="dialog"
          onClick={() => setMenuOpen(true)}
        />
        <Logo />
      </header>
      <SidePanel
        open={menuOpen()}
        onClose={() => setMenuOpen(false)}
        title={t('nav.label')}
        side="left"
        hideTitle
      >
        <Navigation />
      </SidePanel>
      <main
        id="contenu"
        tabIndex={-1}
        class="mx-auto flex w-full max-w-7xl flex-col gap-5 px-4 pt-5 pb-16 sm:px-6 lg:px-8 lg:pt-7"
      >
        <Show
          when={me.data}
          fallback={
            <Show when={me.isError && !isSignedOut()} fallback={<SkeletonLines count={6} />}>
              <ErrorNotice error={me.error} onRetry={() => void me.refetch()} retrying={me.isFetching} />
            </Show>
          }
        >
          <SignedIn {...props} />
        </Show>
      </main>
    </div>
  )
}

function SignedIn(props: RouteSectionProps) {
  useLiveReports()
  return <PageBoundary>{props.children}</PageBoundary>
}

/** Shows the administrators' pages to administrators. The API enforces it; this only says so. */
export function RequireAdmin(props: RouteSectionProps) {
  const me = useMe()
  return (
    <Show when={me.data?.role === 'admin'} fallback={<ForbiddenPage />}>
      {props.children}
    </Show>
  )
}
