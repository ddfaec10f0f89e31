import { createUniqueId, Show, type JSX } from 'solid-js'

export interface PanelProps {
  title: string
  /** Beside the title: how many. */
  count?: string
  lead?: JSX.Element
  /** Buttons to the right of the title. */
  actions?: JSX.Element
  id?: string
  children: JSX.Element
  class?: string
}

/** A part of a page, under a title of its own. */
export function Panel(props: PanelProps) {
  const titleId = createUniqueId()
  return (
    <section
      id={props.id}
      aria-labelledby={titleId}
      class={`scroll-mt-16 rounded-xl border border-line bg-surface shadow-low ${props.class ?? ''}`}
    >
      <header class="flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5 px-4 pt-3.5 pb-2.5">
        <h2 id={titleId} class="text-[0.9375rem] font-semibold">
          {props.title}
        </h2>
        <Show when={props.count}>
          <span class="figures text-soft">{props.count}</span>
        </Show>
        <Show when={props.actions}>
          <div class="ml-auto self-center">{props.actions}</div>
        </Show>
        <Show when={props.lead}>
          <p class="w-full text-xs text-soft">{props.lead}</p>
        </Show>
      </header>
      {props.children}
    </section>
  )
}

/** Good news, in a line. */
export function AllQuiet(props: { icon: JSX.Element; children: JSX.Element }) {
  return (
    <p class="flex items-center gap-2 px-4 pb-4 text-soft [&>svg]:size-4 [&>svg]:shrink-0">
      {props.icon}
      <span>{props.children}</span>
    </p>
  )
}
