/** Why a report that is « En cours » does not go on by itself, and what an administrator can do. */

import type { Localized } from './locale.ts'

export const stuckReasons = [
  /** Its workflow cannot be replayed: another version of the workflows began it. */
  'workflow_task',
  /** A step of bookkeeping, which is repeated without end, fails each time. */
  'activity',
] as const
export type StuckReason = (typeof stuckReasons)[number]

/** As it is stored. */
export interface Stuck {
  reason: StuckReason
  /** The activity that fails; null for a workflow that cannot be replayed. */
  step: string | null
  /** The engine's own words. */
  message: string
  /** When it was noticed, ISO 8601. */
  since: string
}

export const stuckWords: Readonly<Record<StuckReason, { why: Localized; remedy: Localized }>> = {
  workflow_task: {
    why: {
      fr: 'son exécution ne peut pas reprendre, sans doute depuis une mise à jour de Rapporteur.',
      en: 'its run cannot resume, probably since an update of Rapporteur.',
    },
    remedy: {
      fr: 'Un administrateur peut remettre la version précédente de Rapporteur (le rapport continue alors de lui-même), ou terminer cette exécution dans Temporal avec «\u00A0Terminate\u00A0»\u00A0: le rapport se clôt dans la minute et peut être relancé.',
      en: 'An administrator can put the previous version of Rapporteur back (the report then goes on by itself), or end this run in Temporal by “Terminate”: the report ends within a minute and can be relaunched.',
    },
  },
  activity: {
    why: {
      fr: 'une étape de son suivi échoue à chaque essai.',
      en: 'a step of its bookkeeping fails at each attempt.',
    },
    remedy: {
      fr: 'Un administrateur lit la cause dans Temporal et l’écarte\u00A0: le rapport continue alors de lui-même. Il peut aussi terminer cette exécution avec «\u00A0Terminate\u00A0»\u00A0: le rapport se clôt dans la minute et peut être relancé.',
      en: 'An administrator reads the cause in Temporal and removes it: the report then goes on by itself. They can also end this run by “Terminate”: the report ends within a minute and can be relaunched.',
    },
  },
}
