import { For } from 'solid-js'

/** Where something will be, while it is read. Invisible to screen readers: the region says that it is busy. */
export function Skeleton(props: { class?: string }) {
  return (
    <span
      aria-hidden="true"
      class={`block animate-breathe rounded-md bg-hover ${props.class ?? 'h-4 w-full'}`}
    />
  )
}

/** Lines of text to come. */
export function SkeletonLines(props: { count?: number }) {
  return (
    <span class="flex flex-col gap-2.5">
      <For each={Array.from({ length: props.count ?? 3 })}>
        {(_, index) => <Skeleton class={index() % 3 === 2 ? 'h-4 w-3/5' : 'h-4 w-full'} />}
      </For>
    </span>
  )
}
