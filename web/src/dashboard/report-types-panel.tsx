import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api, type Dashboard } from '../api.ts'
import { t } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Panel } from '../ui/panel.tsx'
import { toast } from '../ui/toast.tsx'

/** Which report types are in use, and the button that makes all processes use those of the folder as it is now. */
export function ReportTypesPanel(props: { types: Dashboard['report_types'] }) {
  const queries = useQueryClient()
  const reload = useMutation(() => ({
    mutationFn: () => api.reloadReportTypes(),
    onSuccess: ({ changed, version }) => {
      toast(t(changed ? 'dashboard.types.reloaded' : 'dashboard.types.unchanged', { version }))
      return queries.invalidateQueries()
    },
  }))
  return (
    <Panel
      id="types-de-rapport"
      title={t('dashboard.types.title')}
      count={t('dashboard.types.count', { count: props.types.total })}
      lead={t('dashboard.types.lead', { version: props.types.version })}
      actions={
        <Button size="small" busy={reload.isPending} onClick={() => reload.mutate()}>
          {t('dashboard.types.reload')}
        </Button>
      }
    >
      <Show when={reload.isError}>
        <div class="px-4 pb-4">
          <ErrorNotice error={reload.error} />
        </div>
      </Show>
    </Panel>
  )
}
