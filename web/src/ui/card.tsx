import type { JSX } from 'solid-js'

/** A surface that holds one thing: a table, a form, a figure. */
export function Card(props: { children: JSX.Element; class?: string }) {
  return (
    <section class={`rounded-xl border border-line bg-surface shadow-low ${props.class ?? ''}`}>
      {props.children}
    </section>
  )
}
