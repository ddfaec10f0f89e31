import { createEffect, onMount, type JSX } from 'solid-js'
import { loadLocale, locale, t } from '../i18n.ts'
import { LanguageSwitch } from './language-switch.tsx'
import { LogoMark } from './logo.tsx'

export interface SignInFrameProps {
  /** Of the browser's tab; of the page too, unless it has a heading of its own. */
  title: string
  heading?: string
  lead: JSX.Element
  children: JSX.Element
}

/** Around the pages that need no session: signing in, asking for a password, choosing one. */
export function SignInFrame(props: SignInFrameProps) {
  createEffect(() => {
    document.title = `${props.title} · ${t('app.name')}`
  })
  return (
    <div class="grid min-h-dvh grid-rows-[1fr_auto] px-4">
      <main class="mx-auto flex w-full max-w-88 flex-col justify-center gap-6 py-10">
        <div class="flex flex-col gap-4">
          <LogoMark class="size-11" />
          <div>
            <h1 class="text-2xl font-semibold tracking-[-0.017em]">{props.heading ?? props.title}</h1>
            <p class="mt-1 text-[0.9375rem] text-soft">{props.lead}</p>
          </div>
        </div>
        {props.children}
      </main>
      <footer class="flex justify-center py-6">
        <LanguageSwitch value={locale()} onChange={(wanted) => void loadLocale(wanted)} />
      </footer>
    </div>
  )
}

/** A form of these pages; the focus begins in the first field that is to be filled in. */
export function SignInForm(props: {
  label: string
  onSubmit: () => void
  ref?: (form: HTMLFormElement) => void
  children: JSX.Element
}) {
  let form: HTMLFormElement | undefined
  onMount(() => form?.querySelector<HTMLInputElement>('input:not([readonly])')?.focus())
  return (
    <form
      ref={(element) => {
        form = element
        props.ref?.(element)
      }}
      noValidate
      aria-label={props.label}
      class="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        props.onSubmit()
      }}
    >
      {props.children}
    </form>
  )
}

/** A link among running text. */
export const textLinkClass = 'font-medium text-accent underline-offset-4 hover:underline'
