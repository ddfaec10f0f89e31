import { A } from '@solidjs/router'
import { pagePaths } from '#domain/page-paths.ts'
import { buttonClass } from '../ui/button.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { t } from '../i18n.ts'

export default function NotFound() {
  return (
    <div class="mx-auto flex w-full max-w-lg flex-col items-start gap-4 pt-10">
      <PageHeader title={t('not_found.title')} lead={t('not_found.detail')} />
      <A href={pagePaths.reports} class={buttonClass('secondary')}>
        {t('not_found.home')}
      </A>
    </div>
  )
}
