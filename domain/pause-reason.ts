/** Why a scheduled report is paused, when it was not a person's own click: a code, told in its reader's language. */

import type { Locale, Localized } from './locale.ts'

/** As it is stored. */
export type PauseReason =
  /** After this many failures in a row, as its owner asked; `number` is the N° of the last one. */
  | { kind: 'failures'; times: number; number: number }
  /** The account of its owner, by the name they had then, is deactivated; null: read from a note that names nobody. */
  | { kind: 'owner_inactive'; owner: string | null }
  /** Its owner is no administrator any more; null as above. */
  | { kind: 'owner_demoted'; owner: string | null }
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
      if (reason.owner === null) return unnamed.owner_inactive[locale]
      return isFrench
        ? `Mis en pause\u00A0: le compte de ${reason.owner} est désactivé.`
        : `Paused: the account of ${reason.owner} is deactivated.`
    case 'owner_demoted':
      if (reason.owner === null) return unnamed.owner_demoted[locale]
      return isFrench
        ? `Mis en pause\u00A0: ${reason.owner} n’est plus administrateur.`
        : `Paused: ${reason.owner} is no longer an administrator.`
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

const unnamed = {
  owner_inactive: {
    fr: 'Mis en pause\u00A0: le compte du propriétaire est désactivé.',
    en: 'Paused: the owner’s account is deactivated.',
  },
  owner_demoted: {
    fr: 'Mis en pause\u00A0: son propriétaire n’est plus administrateur.',
    en: 'Paused: its owner is no longer an administrator.',
  },
} as const satisfies Partial<Record<PauseReason['kind'], Localized>>

/** The same reason without a person's name, for a note that the engine keeps in the clear. */
export function withoutName(reason: PauseReason | null): PauseReason | null {
  return reason && 'owner' in reason ? { ...reason, owner: null } : reason
}

const failures =
  /^(?:Mis en pause après|Paused after) (\d+) (?:échec|failure)[^;]*; (?:dernier : N°|the last one: No\.) (\d+)\.$/
const ownerInactive =
  /^(?:Mis en pause\u00A0: le compte de (.+) est désactivé|Paused: the account of (.+) is deactivated)\.$/s
const ownerDemoted =
  /^(?:Mis en pause\u00A0: (.+) n’est plus administrateur|Paused: (.+) is no longer an administrator)\.$/s
const unsubscribed =
  /^(?:Mis en pause\u00A0: le dernier destinataire s’est désabonné|Paused: the last recipient unsubscribed)\.$/
const anonymised =
  /^(?:Mis en pause\u00A0: le dernier destinataire a été anonymisé|Paused: the last recipient was anonymised)\.$/

/** The reason that a Schedule's note tells: our own sentences are recognised, anything else is an operator's. */
export function readPauseNote(note: string): PauseReason {
  const [, times, number] = failures.exec(note) ?? []
  if (number !== undefined) return { kind: 'failures', times: Number(times), number: Number(number) }
  for (const [kind, words] of Object.entries(unnamed)) {
    if (note === words.fr || note === words.en) return { kind: kind as keyof typeof unnamed, owner: null }
  }
  const [, french, english] = ownerInactive.exec(note) ?? []
  const owner = french ?? english
  if (owner !== undefined) return { kind: 'owner_inactive', owner }
  if (anonymised.test(note)) return { kind: 'recipient_anonymised' }
  const [, frenchName, englishName] = ownerDemoted.exec(note) ?? []
  const demoted = frenchName ?? englishName
  if (demoted !== undefined) return { kind: 'owner_demoted', owner: demoted }
  return unsubscribed.test(note) ? { kind: 'unsubscribed' } : { kind: 'operator', note }
}
