import ChevronFirst from 'lucide-solid/icons/chevron-first'
import ChevronLast from 'lucide-solid/icons/chevron-last'
import ChevronLeft from 'lucide-solid/icons/chevron-left'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { Show } from 'solid-js'
import { t } from '../i18n.ts'
import { IconButton } from './icon-button.tsx'

export interface PaginationProps {
  /** From 1. */
  page: number
  pageSize: number
  total: number
  /** `total` is about right: said so, and no last page is offered. */
  isEstimate?: boolean
  onChange: (page: number) => void
  /** The page shown is not yet the one asked for. */
  busy?: boolean
}

/** Where one is in a list, and its pages. */
export function Pagination(props: PaginationProps) {
  const pages = () => Math.max(1, Math.ceil(props.total / props.pageSize))
  const from = () => (props.page - 1) * props.pageSize + 1
  const to = () => Math.min(props.page * props.pageSize, props.total)
  const go = (page: number) => {
    if (page >= 1 && page <= pages() && page !== props.page) props.onChange(page)
  }
  return (
    <nav
      aria-label={t('pagination.label')}
      class="figures flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-soft"
    >
      <p role="status" aria-busy={props.busy}>
        <Show when={props.total > 0} fallback={t('pagination.none')}>
          {t(props.isEstimate ? 'pagination.range_about' : 'pagination.range', {
            from: from(),
            to: to(),
            total: props.total,
          })}
        </Show>
      </p>
      <Show when={pages() > 1}>
        <div class="flex items-center gap-0.5">
          <IconButton
            label={t('pagination.first')}
            icon={<ChevronFirst />}
            size="small"
            disabled={props.page <= 1}
            onClick={() => go(1)}
          />
          <IconButton
            label={t('pagination.previous')}
            icon={<ChevronLeft />}
            size="small"
            disabled={props.page <= 1}
            onClick={() => go(props.page - 1)}
          />
          <span class="px-2" aria-current="page">
            <Show when={!props.isEstimate} fallback={t('pagination.page_alone', { page: props.page })}>
              {t('pagination.page', { page: props.page, pages: pages() })}
            </Show>
          </span>
          <IconButton
            label={t('pagination.next')}
            icon={<ChevronRight />}
            size="small"
            disabled={props.page >= pages()}
            onClick={() => go(props.page + 1)}
          />
          <IconButton
            label={t('pagination.last')}
            icon={<ChevronLast />}
            size="small"
            disabled={props.page >= pages() || props.isEstimate}
            onClick={() => go(pages())}
          />
        </div>
      </Show>
    </nav>
  )
}
