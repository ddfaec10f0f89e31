import { A } from '@solidjs/router'
import { pagePaths } from '#domain/page-paths.ts'
import { t } from '../i18n.ts'
import { buttonClass } from '../ui/button.tsx'
import { PageHeader } from '../ui/page-header.tsx'

export default function NotFoundPage() {
  return <NoPage title={t('not_found.title')} detail={t('not_found.detail')} />
}

/** Shown in place of a page that this person's role does not open. */
export function ForbiddenPage() {
  return <NoPage title={t('forbidden.title')} detail={t('forbidden.detail')} />
}

function NoPage(props: { title: string; detail: string }) {
  return (
    <div class="mx-auto flex w-full max-w-lg flex-col items-start gap-4 pt-10">
      <PageHeader title={props.title} lead={props.detail} />
      <A href={pagePaths.reports} class={buttonClass('secondary')}>
        {t('not_found.home')}
      </A>
    </div>
  )
}
