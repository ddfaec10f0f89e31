import RotateCw from 'lucide-solid/icons/rotate-cw'
import { createSignal, ErrorBoundary, lazy, Show, type Component, type JSX } from 'solid-js'
import { t } from '../i18n.ts'
import { Button } from './button.tsx'
import { SkeletonLines } from './skeleton.tsx'

/**
 * A page whose code comes when it is wanted (the router fetches it while a link to it is pointed at).
 * There is no Suspense in the pages: a query that starts anew inside one would take the whole page, its focus and its
 * scroll positions away until it is answered. Each place shows its own skeleton.
 */
export function lazyPage<Props extends object>(
  load: () => Promise<{ default: Component<Props> }>,
): Component<Props> & { preload: () => Promise<unknown> } {
  const Page = lazy(load)
  const [state, setState] = createSignal<'coming' | 'here' | { failure: unknown }>('coming')
  const fetched = async () => {
    try {
      await Page.preload()
      setState('here')
    } catch (failure) {
      setState({ failure })
    }
  }
  const LazyPage = (props: Props) => {
    void fetched()
    return (
      <Show
        when={state() === 'here'}
        fallback={
          <Show when={state() !== 'coming' && (state() as { failure: unknown })} fallback={<ComingPage />}>
            {(failed) => <PageFailure error={failed().failure} />}
          </Show>
        }
      >
        <Page {...props} />
      </Show>
    )
  }
  return Object.assign(LazyPage, { preload: fetched })
}

/** Shown after a delay only: most pages load before it. */
function ComingPage() {
  return (
    <div class="animate-late mx-auto w-full max-w-3xl">
      <SkeletonLines count={5} />
    </div>
  )
}

/** Around pages: an error in a page is shown in its place, and the navigation stays. */
export function PageBoundary(props: { children: JSX.Element }) {
  return (
    <ErrorBoundary fallback={(error: unknown) => <PageFailure error={error} />}>
      {props.children}
    </ErrorBoundary>
  )
}

/** A page's file is missing when a newer build has replaced this one: only a reload helps. */
function PageFailure(props: { error: unknown }) {
  const isOldBuild = () => props.error instanceof TypeError && /import|module/i.test(props.error.message)
  // Also in the console, for diagnosis.
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
