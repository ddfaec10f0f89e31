import { Show, type JSX } from 'solid-js'

/** Nothing here yet, and what leads to the first one. */
export function EmptyState(props: {
  icon?: JSX.Element
  title: string
  children?: JSX.Element
  action?: JSX.Element
}) {
  return (
    <div class="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <Show when={props.icon}>
        <span
          aria-hidden="true"
          class="grid size-12 place-items-center rounded-full bg-accent-soft text-accent [&>svg]:size-6"
        >
          {props.icon}
        </span>
      </Show>
      <div class="flex max-w-md flex-col gap-1">
        <p class="text-[0.9375rem] font-semibold">{props.title}</p>
        <Show when={props.children}>
          <div class="text-soft">{props.children}</div>
        </Show>
      </div>
      <Show when={props.action}>
        <div class="mt-1 flex flex-wrap justify-center gap-2">{props.action}</div>
      </Show>
    </div>
  )
}
