import { A } from '@solidjs/router'
import CalendarClock from 'lucide-solid/icons/calendar-clock'
import FileText from 'lucide-solid/icons/file-text'
import LayoutDashboard from 'lucide-solid/icons/layout-dashboard'
import ScrollText from 'lucide-solid/icons/scroll-text'
import Table2 from 'lucide-solid/icons/table-2'
import UsersRound from 'lucide-solid/icons/users-round'
import { createUniqueId, For, Show, type JSX } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import { t } from '../i18n.ts'
import { useMe } from '../account-queries.ts'
import { useReportTypes } from '../report-type-queries.ts'
import { AccountBar } from './account-bar.tsx'
import { Logo } from './logo.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

/** The menus. What a person may not open is not shown. */
export function Navigation() {
  const me = useMe()
  const types = useReportTypes()
  const isAdmin = () => me.data?.role === 'admin'
  return (
    <div class="flex h-full flex-col">
      <div class="px-3.5 pt-4 pb-2">
        <Logo />
      </div>
      <nav aria-label={t('nav.label')} class="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-2.5 py-3">
        <Show when={isAdmin()}>
          <ul>
            <NavItem href={pagePaths.dashboard} icon={<LayoutDashboard />} label={t('nav.dashboard')} />
          </ul>
        </Show>
        <NavGroup title={t('nav.reports')}>
          <NavItem href={pagePaths.reports} icon={<FileText />} label={t('nav.my_reports')} />
        </NavGroup>
        <NavGroup title={t('nav.data')}>
          <For
            each={types.data}
            fallback={
              <li class="flex flex-col gap-3 px-2 py-1.5">
                <Skeleton class="h-3.5 w-32" />
                <Skeleton class="h-3.5 w-24" />
              </li>
            }
          >
            {(type) => <NavItem href={pagePaths.data(type.key)} icon={<Table2 />} label={type.title} />}
          </For>
        </NavGroup>
        <Show when={isAdmin()}>
          <NavGroup title={t('nav.settings')} symbol="⚙️">
            <NavItem href={pagePaths.scheduledReports} icon={<CalendarClock />} label={t('nav.scheduled')} />
            <NavItem href={pagePaths.people} icon={<UsersRound />} label={t('nav.people')} />
            <NavItem href={pagePaths.audit} icon={<ScrollText />} label={t('nav.audit')} />
          </NavGroup>
        </Show>
      </nav>
      <Show when={me.data}>{(person) => <AccountBar person={person()} />}</Show>
    </div>
  )
}

function NavGroup(props: { title: string; symbol?: string; children: JSX.Element }) {
  const id = createUniqueId()
  return (
    <div>
      <h2 id={id} class="px-2 pb-1.5 text-xs font-medium text-faint">
        <Show when={props.symbol}>
          <span aria-hidden="true">{props.symbol} </span>
        </Show>
        {props.title}
      </h2>
      <ul aria-labelledby={id} class="flex flex-col gap-px">
        {props.children}
      </ul>
    </div>
  )
}

function NavItem(props: { href: string; icon: JSX.Element; label: string }) {
  return (
    <li>
      <A
        href={props.href}
        class="flex h-9 items-center gap-2.5 rounded-lg px-2 transition-colors"
        activeClass="bg-accent-soft font-medium text-accent-strong [&_svg]:text-accent"
        inactiveClass="text-soft hover:bg-hover hover:text-ink"
      >
        <span aria-hidden="true" class="shrink-0 [&>svg]:size-[1.0625rem]">
          {props.icon}
        </span>
        <span class="truncate">{props.label}</span>
      </A>
    </li>
  )
}
