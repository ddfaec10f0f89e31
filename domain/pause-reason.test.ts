import { expect, it } from 'vitest'
import { locales } from './locale.ts'
import { describePause, readPauseNote, type PauseReason } from './pause-reason.ts'

const told: [PauseReason, fr: string, en: string][] = [
  [
    { kind: 'failures', times: 1, number: 7 },
    'Mis en pause après 1 échec ; dernier : N° 7.',
    'Paused after 1 failure; the last one: No. 7.',
  ],
  [
    { kind: 'failures', times: 12, number: 4_321 },
    'Mis en pause après 12 échecs de suite ; dernier : N° 4321.',
    'Paused after 12 failures in a row; the last one: No. 4321.',
  ],
  [
    { kind: 'owner_inactive', owner: 'Inès “$&” Durand' },
    'Mis en pause\u00A0: le compte de Inès “$&” Durand est désactivé.',
    'Paused: the account of Inès “$&” Durand is deactivated.',
  ],
  [
    { kind: 'owner_inactive', owner: null },
    'Mis en pause\u00A0: le compte du propriétaire est désactivé.',
    'Paused: the owner’s account is deactivated.',
  ],
  [
    { kind: 'owner_demoted', owner: 'Inès Durand' },
    'Mis en pause\u00A0: Inès Durand n’est plus administrateur.',
    'Paused: Inès Durand is no longer an administrator.',
  ],
  [
    { kind: 'owner_demoted', owner: null },
    'Mis en pause\u00A0: son propriétaire n’est plus administrateur.',
    'Paused: its owner is no longer an administrator.',
  ],
  [
    { kind: 'unsubscribed' },
    'Mis en pause\u00A0: le dernier destinataire s’est désabonné.',
    'Paused: the last recipient unsubscribed.',
  ],
  [
    { kind: 'recipient_anonymised' },
    'Mis en pause\u00A0: le dernier destinataire a été anonymisé.',
    'Paused: the last recipient was anonymised.',
  ],
  [{ kind: 'operator', note: 'Inventaire.' }, 'Inventaire.', 'Inventaire.'],
]

it.each(told)('a reason %j is told in French and in English', (reason, fr, en) => {
  expect({ fr: describePause(reason, 'fr'), en: describePause(reason, 'en') }).toEqual({ fr, en })
})

it.each(told)('the sentences of %j, read back from a Schedule, are that reason', (reason) => {
  for (const locale of locales) expect(readPauseNote(describePause(reason, locale) ?? '')).toEqual(reason)
})

it.each([
  'Mis en pause après la fusion.',
  'Paused after 3 failures in a row; the last one: No. 7. Ask Inès.',
  'Avant : Paused: the last recipient unsubscribed.',
])('a note that is no sentence of ours, "%s", is an operator’s', (note) => {
  expect(readPauseNote(note)).toEqual({ kind: 'operator', note })
})
