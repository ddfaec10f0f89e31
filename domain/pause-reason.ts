/** Why a scheduled report is paused, when it was not a person's own click: a code, told in its reader's language. */

import type { Locale } from './locale.ts'

/** As it is stored. */
export type PauseReason =
  /** After this many failures in a row, as its owner asked; `number` is the N° of the last one. */
  | { kind: 'failures'; times: number; number: number }
  /** The account of its owner, by the name they had then, is deactivated. */
  | { kind: 'owner_inactive'; owner: string }
  /** Its last recipient unsubscribed. */
  | { kind: 'unsubscribed' }
  /** Its last recipient was anonymised. */
  | { kind: 'recipient_anonymised' }
  /** Paused in Temporal Web: the operator's own words. */
  | { kind: 'operator'; note: string }

/** @returns null for a pause without a reason: a person's own click. */
export function describePause(reason: PauseReason | null, locale: Locale): string | null {
  const isFrench = locale === 'fr'
  switch (reason?.kind) {
    case undefined:
      return null
    case 'failures': {
      const { times, number } = reason
      return isFrench
        ? `Mis en pause après ${times === 1 ? '1 échec' : `${times} échecs de suite`} ; dernier : N° ${number}.`
        : `Paused after ${times === 1 ? '1 failure' : `${times} failures in a row`}; the last one: No. ${number}.`
    }
    case 'owner_inactive':
      return isFrench
        ? `Mis en pause\u00A0: le compte de ${reason.owner} est désactivé.`
        : `Paused: the account of ${reason.owner} is deactivated.`
    case 'unsubscribed':
      return isFrench
        ? 'Mis en pause\u00A0: le dernier destinataire s’est désabonné.'
        : 'Paused: the last recipient unsubscribed.'
    case 'recipient_anonymised':
      return isFrench
        ? 'Mis en pause\u00A0: le dernier destinataire a été anonymisé.'
        : 'Paused: the last recipient was anonymised.'
    case 'operator':
      return reason.note
  }
}

const failures =
  /^(?:Mis en pause après|Paused after) (\d+) (?:échec|failure)[^;]*; (?:dernier : N°|the last one: No\.) (\d+)\.$/
const ownerInactive =
  /^(?:Mis en pause\u00A0: le compte de (.+) est désactivé|Paused: the account of (.+) is deactivated)\.$/s
const unsubscribed =
  /^(?:Mis en pause\u00A0: le dernier destinataire s’est désabonné|Paused: the last recipient unsubscribed)\.$/
const anonymised =
  /^(?:Mis en pause\u00A0: le dernier destinataire a été anonymisé|Paused: the last recipient was anonymised)\.$/

/** The reason that a Schedule's note tells: our own sentences are recognised, anything else is an operator's. */
export function readPauseNote(note: string): PauseReason {
  const [, times, number] = failures.exec(note) ?? []
  if (number !== undefined) return { kind: 'failures', times: Number(times), number: Number(number) }
  const [, french, english] = ownerInactive.exec(note) ?? []
  const owner = french ?? english
  if (owner !== undefined) return { kind: 'owner_inactive', owner }
  if (anonymised.test(note)) return { kind: 'recipient_anonymised' }
  return unsubscribed.test(note) ? { kind: 'unsubscribed' } : { kind: 'operator', note }
}
