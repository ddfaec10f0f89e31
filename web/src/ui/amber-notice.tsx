import type { JSX } from 'solid-js'

/** Something a person should look at, and beside it what to do about it. */
export function AmberNotice(props: { icon: JSX.Element; children: JSX.Element; action: JSX.Element }) {
  return (
    <div
      role="status"
      class="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl bg-amber-soft p-3.5 text-ink"
    >
      <span aria-hidden="true" class="shrink-0 text-amber [&>svg]:size-[1.125rem]">
        {props.icon}
      </span>
      <p class="figures min-w-48 flex-1">{props.children}</p>
      {props.action}
    </div>
  )
}
