import type { RouteSectionProps } from '@solidjs/router'
import { PageHeader } from '../components/page-header.tsx'
import { t } from '../i18n.ts'

/** `/rapports`; the panel of one report is a route below it, shown over the list. */
export default function Reports(props: RouteSectionProps) {
  return (
    <>
      <PageHeader title={t('reports.title')} />
      {props.children}
    </>
  )
}
