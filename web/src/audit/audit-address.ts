/** What « Journal » shows, as its address says it: `?q=&action=&personne=&du=&au=&subject_type=&subject_id=`. */

import { useSearchParams } from '@solidjs/router'
import { createEffect, createMemo, createSignal, on } from 'solid-js'
import { auditKindNames, auditSubjects } from '#domain/audit-kinds.ts'
import { dayBounds } from '#domain/timing/day-bounds.ts'
import type { AuditQuery } from '../api.ts'
import { timeZone } from '../i18n.ts'
import { pageSize, usePageAddress } from '../page-address.ts'
import { createDebounced } from '../query-client.ts'
import { auditExportHref } from './audit-export-href.ts'

const filters = ['q', 'action', 'personne', 'du', 'au', 'subject_type', 'subject_id'] as const
type Filter = (typeof filters)[number]

export function useAuditAddress() {
  const [search, setSearch] = useSearchParams<Record<Filter | 'page', string>>()
  const [typed, setTyped] = createSignal(search.q ?? '')
  const paging = usePageAddress()
  const change = (to: Partial<Record<Filter, string>>) =>
    setSearch({ ...to, page: undefined }, { replace: true })
  createEffect(on(createDebounced(typed, 250), (text) => change({ q: text.trim() }), { defer: true }))

  const kind = () => auditKindNames.find((one) => one === search.action)
  const day = (name: 'du' | 'au') => (isDay(search[name]) ? (search[name] ?? '') : '')
  const subjectType = () => auditSubjects.find((one) => one === search.subject_type)
  const isReversed = () => day('du') !== '' && day('au') !== '' && day('au') < day('du')
  /** The last that are in order: while the page asks for others, the list stays as it is. */
  const days = createMemo(
    (before: Record<'du' | 'au', string>) => (isReversed() ? before : { du: day('du'), au: day('au') }),
    { du: '', au: '' },
  )
  const bound = (name: 'du' | 'au') => {
    const on = days()[name]
    return on === '' ? undefined : dayBounds({ from: on, to: on }, timeZone())
  }
  const to = () => {
    const end = bound('au')?.to
    // The service leaves its end out; the day's last millisecond belongs to it.
    return end && new Date(end.getTime() + 1).toISOString()
  }
  return {
    ...paging,
    typed,
    setTyped,
    kind,
    day,
    subjectType,
    person: () => search.personne ?? '',
    isReversed,
    change,
    clear: () => {
      setTyped('')
      change(Object.fromEntries(filters.map((name) => [name, ''])))
    },
    /** The same entries as rows of the report type, to be exported or scheduled. */
    exportHref: () =>
      auditExportHref({
        text: search.q,
        kind: kind(),
        person: search.personne,
        ...days(),
        subjectType: subjectType(),
        subjectId: search.subject_id,
        today: todayIn(timeZone()),
      }),
    query: (): AuditQuery => ({
      page: paging.page(),
      page_size: pageSize,
      q: search.q || undefined,
      kind: kind(),
      person: search.personne || undefined,
      from: bound('du')?.from.toISOString(),
      to: to(),
      subject_type: subjectType(),
      subject_id: subjectType() && (search.subject_id || undefined),
    }),
  }
}

/** Canada writes dates as the service does. */
function todayIn(zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date())
}

function isDay(text: string | undefined): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
}
