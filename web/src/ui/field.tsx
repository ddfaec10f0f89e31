import { createUniqueId, Show, type JSX } from 'solid-js'
import { t } from '../i18n.ts'

/** What every control with a label takes. */
export interface FieldProps {
  label: string
  /** Beneath the label: what the field is for, in a sentence. */
  hint?: JSX.Element
  /** What is wrong with it; read by screen readers with the field. */
  error?: string
  required?: boolean
  /** Says « facultatif » beside the label. */
  optional?: boolean
  /** The label is for screen readers alone: the place says what it is. */
  hideLabel?: boolean
  class?: string
}

export interface FieldIds {
  id: string
  describedBy: string | undefined
  invalid: true | undefined
}

/** Label, hint and error around one control; the control gets the ids that tie them together. */
export function Field(props: FieldProps & { children: (ids: FieldIds) => JSX.Element; id?: string }) {
  const id = props.id ?? createUniqueId()
  const describedBy = () =>
    [props.hint ? `${id}-hint` : '', props.error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined
  return (
    <div class={`flex min-w-0 flex-col gap-1.5 ${props.class ?? ''}`}>
      <label for={id} class={props.hideLabel ? 'sr-only' : 'font-medium text-ink'}>
        {props.label}
        <Show when={props.optional}>
          <span class="ml-1.5 text-xs font-normal text-faint">{t('field.optional')}</span>
        </Show>
      </label>
      {props.children({
        id,
        get describedBy() {
          return describedBy()
        },
        get invalid() {
          return props.error ? true : undefined
        },
      })}
      <FieldNotes id={id} hint={props.hint} error={props.error} />
    </div>
  )
}

/** Beneath a control, with the ids it is described by. */
export function FieldNotes(props: { id: string; hint: JSX.Element; error: string | undefined }) {
  return (
    <>
      <Show when={props.hint}>
        <p id={`${props.id}-hint`} class="text-xs text-faint">
          {props.hint}
        </p>
      </Show>
      <FieldError id={`${props.id}-error`} text={props.error} />
    </>
  )
}

export function FieldError(props: { id: string; text: string | undefined }) {
  return (
    <Show when={props.text}>
      <p id={props.id} class="text-xs font-medium text-red">
        {props.text}
      </p>
    </Show>
  )
}
