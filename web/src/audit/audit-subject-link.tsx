import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import type { AuditEntry } from '../api.ts'

type Subject = NonNullable<AuditEntry['subject']>

/** What it was done to: a link where it has a page. */
export function AuditSubjectLink(props: { subject: Subject }) {
  const name = () => props.subject.name || props.subject.id
  return (
    <Show when={pageOf(props.subject)} fallback={<span class="wrap-anywhere">{name()}</span>}>
      {(href) => (
        <A href={href()} class="wrap-anywhere underline underline-offset-4">
          {name()}
        </A>
      )}
    </Show>
  )
}

function pageOf({ type, id, name }: Subject): string | undefined {
  if (type === 'report') return pagePaths.report(Number(id))
  if (type === 'scheduled_report') return pagePaths.scheduledReport(id)
  const email = /<([^<>]+)>$/.exec(name)?.[1] ?? name
  return type === 'person' ? `${pagePaths.people}?q=${encodeURIComponent(email)}` : undefined
}
