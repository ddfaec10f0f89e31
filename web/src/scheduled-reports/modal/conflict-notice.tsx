import GitCompareArrows from 'lucide-solid/icons/git-compare-arrows'
import { For, onMount, Show } from 'solid-js'
import type { ReportType } from '../../api.ts'
import { formatRelative } from '../../format.ts'
import { locale, t } from '../../i18n.ts'
import { Button } from '../../ui/button.tsx'
import { useNow } from '../../ui/relative-time.tsx'
import type { Draft, DraftField } from './definition-draft.ts'
import { draftDifferences } from './draft-words.ts'

export interface ConflictNoticeProps {
  mine: Draft
  theirs: Draft
  /** When the other version was saved. */
  savedAt: string
  types: readonly ReportType[]
  busy: boolean
  /** Takes some fields of the saved version into what is typed. */
  onTake: (fields: readonly DraftField[]) => void
  onTakeAll: () => void
  /** Saves what is typed over the saved version, now that it was seen. */
  onKeepMine: () => void
}

/** Another person saved first: both versions side by side, and the choice. */
export function ConflictNotice(props: ConflictNoticeProps) {
  let section: HTMLElement | undefined
  let heading: HTMLHeadingElement | undefined
  const now = useNow()
  const differences = () => draftDifferences(props.mine, props.theirs, props.types)
  const when = () => formatRelative(props.savedAt, now(), locale())
  onMount(() => {
    heading?.focus({ preventScroll: true })
    section?.scrollIntoView({ block: 'start' })
  })
  return (
    <section
      ref={(element) => (section = element)}
      role="alert"
      class="mb-5 flex flex-col gap-3 rounded-xl bg-amber-soft p-4 inset-ring inset-ring-amber-mark/50"
    >
      <div class="flex items-start gap-2.5">
        <GitCompareArrows aria-hidden="true" class="mt-0.5 size-[1.125rem] shrink-0 text-amber" />
        <div>
          <h3 ref={(element) => (heading = element)} tabIndex={-1} class="font-semibold">
            {t('modal.conflict.title')}
          </h3>
          <p class="text-soft">
            {differences().length > 0
              ? t('modal.conflict.detail', { when: when() })
              : t('modal.conflict.same', { when: when() })}
          </p>
        </div>
      </div>
      <Show when={differences().length > 0}>
        <div class="overflow-x-auto rounded-lg bg-surface">
          <table class="w-full text-[0.8125rem]">
            <thead class="text-left text-xs text-soft">
              <tr class="border-b border-line">
                <th scope="col" class="px-3 py-1.5 font-medium">
                  {t('modal.conflict.field')}
                </th>
                <th scope="col" class="px-3 py-1.5 font-medium">
                  {t('modal.conflict.mine')}
                </th>
                <th scope="col" class="px-3 py-1.5 font-medium">
                  {t('modal.conflict.theirs')}
                </th>
                <td />
              </tr>
            </thead>
            <tbody>
              <For each={differences()}>
                {(difference) => (
                  <tr class="border-b border-line align-top last:border-0">
                    <th scope="row" class="px-3 py-2 text-left font-medium">
                      {difference.label}
                    </th>
                    <td class="px-3 py-2 break-words">{difference.mine}</td>
                    <td class="px-3 py-2 break-words">{difference.theirs}</td>
                    <td class="px-2 py-1.5 text-right">
                      <Button
                        size="small"
                        kind="quiet"
                        aria-label={t('modal.conflict.take', { field: difference.label })}
                        onClick={() => props.onTake(difference.fields)}
                      >
                        {t('modal.conflict.take_short')}
                      </Button>
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
      <div class="flex flex-wrap gap-2">
        <Button size="small" kind="primary" busy={props.busy} onClick={() => props.onKeepMine()}>
          {t('modal.conflict.keep_mine')}
        </Button>
        <Button size="small" onClick={() => props.onTakeAll()}>
          {t('modal.conflict.take_all')}
        </Button>
      </div>
    </section>
  )
}
