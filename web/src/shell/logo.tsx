import { A } from '@solidjs/router'
import { pagePaths } from '#domain/page-paths.ts'
import { t } from '../i18n.ts'

/** The name of the product, leading home. */
export function Logo() {
  return (
    <A
      href={pagePaths.reports}
      class="inline-flex items-center gap-2.5 rounded-lg px-1 text-[0.9375rem] font-semibold tracking-[-0.01em]"
    >
      <LogoMark />
      {t('app.name')}
    </A>
  )
}

export function LogoMark(props: { class?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" class={props.class ?? 'size-7'}>
      <rect width="32" height="32" rx="8" class="fill-accent" />
      <path
        d="M9.5 23.5v-15h7.4a4.7 4.7 0 0 1 1.4 9.2l4.4 5.8M9.5 18h7"
        fill="none"
        class="stroke-on-accent"
        stroke-width="2.75"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
