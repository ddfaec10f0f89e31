import { useLocation } from '@solidjs/router'
import { createEffect, Show, type JSX } from 'solid-js'
import { withoutBasePath } from '../base-path.ts'
import { t } from '../i18n.ts'

export interface PageHeaderProps {
  title: string
  lead?: JSX.Element
  /** Buttons to the right. */
  actions?: JSX.Element
  /** The address it is the title of, when pages below it are shown over it; unless given, the one in the browser. */
  place?: string
  /** Above the title: where it belongs. */
  above?: JSX.Element
}

let arrivals = 0

/** The title of a page, of its tab, and where the focus lands when one navigates to it. */
export function PageHeader(props: PageHeaderProps) {
  let heading: HTMLHeadingElement | undefined
  const location = useLocation()
  createEffect(() => {
    document.title = `${props.title} · ${t('app.name')}`
  })
  createEffect((before: string | undefined) => {
    const here = props.place ?? withoutBasePath(location.pathname).split('/').slice(0, 3).join('/')
    // On the first page the browser has placed the focus: it is not moved.
    if (before !== here && arrivals++ > 0 && !document.querySelector('[role="dialog"]')) {
      heading?.focus({ preventScroll: true })
    }
    return here
  })
  return (
    <header class="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div class="min-w-0">
        <Show when={props.above}>
          <div class="mb-1 text-soft">{props.above}</div>
        </Show>
        <h1
          ref={(element) => (heading = element)}
          tabIndex={-1}
          class="text-xl leading-tight font-semibold tracking-[-0.011em] text-ink"
        >
          {props.title}
        </h1>
        <Show when={props.lead}>
          <p class="mt-1 max-w-2xl text-soft">{props.lead}</p>
        </Show>
      </div>
      <Show when={props.actions}>
        <div class="flex flex-wrap items-center gap-2">{props.actions}</div>
      </Show>
    </header>
  )
}
