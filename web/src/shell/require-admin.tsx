import type { RouteSectionProps } from '@solidjs/router'
import { Show } from 'solid-js'
import Forbidden from './forbidden-page.tsx'
import { useMe } from '../account-queries.ts'

/** The administrators' pages; the API refuses others by itself, this says so in words. */
export function RequireAdmin(props: RouteSectionProps) {
  const me = useMe()
  return (
    <Show when={me.data?.role === 'admin'} fallback={<Forbidden />}>
      {props.children}
    </Show>
  )
}
