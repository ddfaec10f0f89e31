import { useParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { t } from '../i18n.ts'
import { useReportTypes } from '../report-type-queries.ts'
import { DataView } from './data-view.tsx'
import NotFoundPage from '../shell/not-found-page.tsx'

/** `/donnees/:type`: the rows themselves, and what can be made of them. */
export default function DataPage() {
  const params = useParams<{ type: string }>()
  const types = useReportTypes()
  const type = () => types.data?.find(({ key }) => key === params.type)
  return (
    <Show
      when={types.data}
      fallback={
        <>
          <PageHeader title={t('data.title')} />
          <Show when={types.isError} fallback={<SkeletonLines count={6} />}>
            <ErrorNotice
              error={types.error}
              onRetry={() => void types.refetch()}
              retrying={types.isFetching}
            />
          </Show>
        </>
      }
    >
      {/* Keyed by type: nothing typed for one type stays for another. */}
      <Show when={params.type} keyed>
        <Show when={type()} fallback={<NotFoundPage />}>
          {(known) => <DataView type={known()} />}
        </Show>
      </Show>
    </Show>
  )
}
