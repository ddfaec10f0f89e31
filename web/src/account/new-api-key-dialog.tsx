import Check from 'lucide-solid/icons/check'
import Copy from 'lucide-solid/icons/copy'
import { createSignal, For, Show } from 'solid-js'
import { keyScopes, type KeyScope } from '#domain/schemas/api-key-schema.ts'
import { asFailure } from '../api-failure.ts'
import type { CreatedApiKey } from '../api.ts'
import { t } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { FieldError } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useCreateApiKey } from './own-access-queries.ts'

const lifetimes = ['30', '90', '365'] as const
type Lifetime = (typeof lifetimes)[number]
/** What they open is for administrators alone. */
const adminScopes: readonly KeyScope[] = ['scheduled-reports:write', 'people:write']

/** Makes an API key, then shows it this once. */
export function NewApiKeyDialog(props: { open: boolean; isAdmin: boolean; onClose: () => void }) {
  return (
    <Show when={props.open}>
      <NewApiKeyForm isAdmin={props.isAdmin} onClose={() => props.onClose()} />
    </Show>
  )
}

function NewApiKeyForm(props: { isAdmin: boolean; onClose: () => void }) {
  const create = useCreateApiKey()
  const [name, setName] = createSignal('')
  const [scopes, setScopes] = createSignal<readonly KeyScope[]>(['reports:read'])
  const [days, setDays] = createSignal<Lifetime>('90')
  const [attempted, setAttempted] = createSignal(false)
  const offered = () => keyScopes.filter((scope) => props.isAdmin || !adminScopes.includes(scope))
  const problem = () => (create.isError ? asFailure(create.error) : null)
  const nameFault = () =>
    problem()?.errorAt('name') ?? (attempted() && name().trim() === '' ? t('keys.name_missing') : undefined)
  const scopesFault = () =>
    problem()?.errorAt('scopes') ??
    (attempted() && scopes().length === 0 ? t('keys.scopes_missing') : undefined)
  const toggle = (scope: KeyScope, isWanted: boolean) =>
    setScopes((chosen) => (isWanted ? [...chosen, scope] : chosen.filter((one) => one !== scope)))
  const submit = () => {
    setAttempted(true)
    if (name().trim() === '' || scopes().length === 0) return
    create.mutate({ name: name(), scopes: [...scopes()], expires_in_days: Number(days()) })
  }
  return (
    <Dialog
      open
      modalOnly
      onClose={() => props.onClose()}
      title={create.data ? t('keys.made') : t('keys.new')}
      lead={create.data ? undefined : t('keys.new_lead')}
      hideClose={create.data !== undefined}
      footer={
        <Show
          when={create.data}
          fallback={
            <>
              <Button onClick={() => props.onClose()}>{t('action.cancel')}</Button>
              <Button kind="primary" busy={create.isPending} onClick={submit}>
                {t('keys.submit')}
              </Button>
            </>
          }
        >
          <Button kind="primary" onClick={() => props.onClose()}>
            {t('keys.done')}
          </Button>
        </Show>
      }
    >
      <Show
        when={create.data}
        fallback={
          <form
            noValidate
            class="flex flex-col gap-4 pt-1"
            onSubmit={(event) => {
              event.preventDefault()
              submit()
            }}
          >
            <TextField
              label={t('keys.name')}
              hint={t('keys.name_hint')}
              required
              maxLength={60}
              autocomplete="off"
              value={name()}
              error={nameFault()}
              onChange={setName}
            />
            <fieldset class="flex flex-col gap-2.5">
              <legend class="mb-1.5 font-medium">{t('keys.scopes')}</legend>
              <For each={offered()}>
                {(scope) => (
                  <Checkbox
                    label={
                      <>
                        {t(`keys.scope.${scope}`)}{' '}
                        <code class="text-xs whitespace-nowrap text-faint">{scope}</code>
                      </>
                    }
                    hint={t(`keys.scope_hint.${scope}`)}
                    checked={scopes().includes(scope)}
                    onChange={(isWanted) => toggle(scope, isWanted)}
                  />
                )}
              </For>
              <FieldError id="key-scopes-error" text={scopesFault()} />
            </fieldset>
            <Select<Lifetime>
              label={t('keys.lifetime')}
              value={days()}
              options={lifetimes.map((value) => ({ value, label: t('keys.days', { count: Number(value) }) }))}
              onChange={setDays}
            />
            <Show when={problem() && !problem()?.errorAt('name') && !problem()?.errorAt('scopes')}>
              <ErrorNotice error={create.error} />
            </Show>
          </form>
        }
      >
        {(key) => <MadeKey made={key()} />}
      </Show>
    </Dialog>
  )
}

function MadeKey(props: { made: CreatedApiKey }) {
  const [copied, setCopied] = createSignal(false)
  let field: HTMLInputElement | undefined
  const copy = async () => {
    field?.select()
    try {
      await navigator.clipboard.writeText(props.made.key)
      setCopied(true)
    } catch {
      // Not over plain http: it is selected, and copied by hand.
    }
  }
  return (
    <div class="flex flex-col gap-3 pt-1">
      <p class="rounded-xl bg-amber-soft p-3.5">{t('keys.shown_once')}</p>
      <div class="flex items-end gap-2">
        <div class="flex min-w-0 flex-1 flex-col gap-1.5">
          <label for="made-key" class="font-medium">
            {props.made.name}
          </label>
          <input
            ref={(element) => (field = element)}
            id="made-key"
            readOnly
            class="control font-mono text-xs"
            value={props.made.key}
            onFocus={(event) => event.currentTarget.select()}
          />
        </div>
        <Button icon={copied() ? <Check /> : <Copy />} onClick={() => void copy()}>
          {t(copied() ? 'keys.copied' : 'keys.copy')}
        </Button>
      </div>
      <span role="status" class="sr-only">
        {copied() ? t('keys.copied') : ''}
      </span>
      <p class="text-xs text-faint">{t('keys.header_hint')}</p>
    </div>
  )
}
