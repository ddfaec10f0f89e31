import RotateCw from 'lucide-solid/icons/rotate-cw'
import { ErrorBoundary, Suspense, type JSX } from 'solid-js'
import { t } from '../i18n.ts'
import { Button } from './button.tsx'
import { SkeletonLines } from './skeleton.tsx'

/** What a page shows while its own code comes, and when it could not be shown at all. */
export function PageBoundary(props: { children: JSX.Element }) {
  return (
    <ErrorBoundary fallback={(error: unknown) => <PageFailure error={error} />}>
      <Suspense
        fallback={
          <div class="mx-auto w-full max-w-3xl p-8">
            <SkeletonLines count={5} />
          </div>
        }
      >
        {props.children}
      </Suspense>
    </ErrorBoundary>
  )
}

/** A page's file that is gone means that a newer build has replaced this one: only a reload helps. */
function PageFailure(props: { error: unknown }) {
  const isOldBuild = () => props.error instanceof TypeError && /import|module/i.test(props.error.message)
  // Not swallowed: whoever opens the console sees what it was.
  console.error(props.error)
  return (
    <div role="alert" class="mx-auto flex w-full max-w-lg flex-col items-start gap-3 p-8">
      <h1 class="text-xl font-semibold">{t('error.page.title')}</h1>
      <p class="text-soft">{isOldBuild() ? t('error.update') : t('error.unexpected.detail')}</p>
      <Button icon={<RotateCw />} onClick={() => location.reload()}>
        {t('action.reload')}
      </Button>
    </div>
  )
}
