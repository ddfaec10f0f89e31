import { createUniqueId, type JSX } from 'solid-js'

/** One part of the dialog: its name beside its fields, above them on narrow screens. */
export function FormSection(props: { title: string; children: JSX.Element }) {
  const id = createUniqueId()
  return (
    <section
      aria-labelledby={id}
      class="grid gap-x-6 gap-y-3 border-t border-line py-5 first:border-0 first:pt-2 sm:grid-cols-[7.5rem_minmax(0,1fr)]"
    >
      <h3 id={id} class="font-semibold sm:pt-0.5">
        {props.title}
      </h3>
      <div class="flex min-w-0 flex-col gap-4">{props.children}</div>
    </section>
  )
}
