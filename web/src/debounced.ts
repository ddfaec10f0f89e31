import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js'

/** A value that follows another once it has been still for a while: for questions asked while somebody types. */
export function debounced<Value>(value: Accessor<Value>, ms: number): Accessor<Value> {
  const [settled, setSettled] = createSignal(value())
  createEffect(
    on(
      value,
      (next) => {
        const timer = setTimeout(() => setSettled(() => next), ms)
        onCleanup(() => clearTimeout(timer))
      },
      { defer: true },
    ),
  )
  return settled
}
