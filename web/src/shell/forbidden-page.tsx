import { A } from '@solidjs/router'
import { pagePaths } from '#domain/page-paths.ts'
import { buttonClass } from '../ui/button.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { t } from '../i18n.ts'

/** Shown in place of a page that this person's role does not open. */
export default function Forbidden() {
  return (
    <div class="mx-auto flex w-full max-w-lg flex-col items-start gap-4 pt-10">
      <PageHeader title={t('forbidden.title')} lead={t('forbidden.detail')} />
      <A href={pagePaths.reports} class={buttonClass('secondary')}>
        {t('not_found.home')}
      </A>
    </div>
  )
}
