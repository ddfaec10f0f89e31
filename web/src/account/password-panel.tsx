import { createSignal, Show } from 'solid-js'
import { asFailure } from '../api-failure.ts'
import { t } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Panel } from '../ui/panel.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { toast } from '../ui/toast.tsx'
import { useChangePassword } from './own-access-queries.ts'

/** Changes one's password, and says what ends with the old one. */
export function PasswordPanel(props: { email: string }) {
  const change = useChangePassword()
  const [current, setCurrent] = createSignal('')
  const [chosen, setChosen] = createSignal('')
  const [attempted, setAttempted] = createSignal(false)
  const problem = () => (change.isError ? asFailure(change.error) : null)
  const currentFault = () =>
    problem()?.errorAt('current_password') ??
    (attempted() && current() === '' ? t('sign_in.password_missing') : undefined)
  const chosenFault = () =>
    problem()?.errorAt('new_password') ??
    (attempted() && chosen() === '' ? t('password.new_missing') : undefined)
  const isFieldProblem = () =>
    Boolean(problem()?.errorAt('current_password') ?? problem()?.errorAt('new_password'))
  let form: HTMLFormElement | undefined
  const focusFault = () =>
    queueMicrotask(() => form?.querySelector<HTMLInputElement>('[aria-invalid]')?.focus())

  const save = (event: SubmitEvent) => {
    event.preventDefault()
    if (change.isPending) return
    setAttempted(true)
    if (current() === '' || chosen() === '') return focusFault()
    change.mutate(
      { current_password: current(), new_password: chosen() },
      {
        onSuccess: () => {
          setCurrent('')
          setChosen('')
          setAttempted(false)
          toast(t('password.changed_toast'))
        },
        onError: focusFault,
      },
    )
  }
  return (
    <Panel title={t('password.title')} lead={t('password.consequences')}>
      <form
        ref={(element) => (form = element)}
        noValidate
        class="flex flex-col gap-4 px-4 pb-4"
        onSubmit={save}
      >
        {/* Password managers look for whose password it is. */}
        <input type="email" name="email" autocomplete="username" value={props.email} readOnly hidden />
        <PasswordField
          label={t('password.current')}
          autocomplete="current-password"
          required
          value={current()}
          error={currentFault()}
          onChange={(typed) => {
            change.reset()
            setCurrent(typed)
          }}
        />
        <PasswordField
          label={t('password.new')}
          hint={t('password.rules')}
          autocomplete="new-password"
          required
          value={chosen()}
          error={chosenFault()}
          onChange={(typed) => {
            change.reset()
            setChosen(typed)
          }}
        />
        <Show when={problem() && !isFieldProblem()}>
          <ErrorNotice error={change.error} />
        </Show>
        <Button kind="primary" type="submit" class="self-end" busy={change.isPending}>
          {t('password.submit')}
        </Button>
      </form>
    </Panel>
  )
}
