/** The states of one report (one N°). Drawn in docs/states.md. */
export const reportStatuses = ['queued', 'running', 'completed', 'failed', 'cancelled', 'skipped'] as const
export type ReportStatus = (typeof reportStatuses)[number]

/**
 * The result of the mails of one report. `none`: no recipient was tried. `uncertain`: some perhaps have it, the others
 * do.
 */
export const deliveryStates = ['none', 'sent', 'uncertain', 'partial', 'failed'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** Of a completed report: not everybody has it, or not for sure. */
export const incompleteDeliveries = ['partial', 'uncertain'] as const satisfies readonly DeliveryState[]
export function isIncomplete(
  delivery: string | undefined,
): delivery is (typeof incompleteDeliveries)[number] {
  return incompleteDeliveries.some((one) => one === delivery)
}

/**
 * The result for one recipient. `sent` means accepted by the first mail server; `uncertain`, handed over whole to it and
 * not answered: it may have arrived, and only a person has it sent again.
 */
export const recipientStatuses = ['pending', 'sent', 'uncertain', 'failed'] as const
export type RecipientStatus = (typeof recipientStatuses)[number]

/** Those to whom nothing more is sent unless a person says so: they have it, or perhaps have it. */
export const reachedStatuses = ['sent', 'uncertain'] as const satisfies readonly RecipientStatus[]
export function isReached(status: string | undefined): boolean {
  return reachedStatuses.some((one) => one === status)
}

/** The steps of a report's workflow that can fail and be resumed. */
export const reportPhases = ['generate', 'store', 'email'] as const
export type ReportPhase = (typeof reportPhases)[number]

/** The phase each activity of the workflow `report` belongs to; the others are bookkeeping. */
export const phaseOfActivity: Readonly<Record<string, ReportPhase>> = {
  generateReport: 'generate',
  storeReport: 'store',
  emailReport: 'email',
}

/** Why a due occurrence did not run. */
export const skipReasons = [
  'previous_still_running',
  'replaced_by_newer',
  'missed',
  'already_run',
  'owner_not_allowed',
  'no_rows',
] as const
export type SkipReason = (typeof skipReasons)[number]

/** How a report came to be. */
export const reportOrigins = ['request', 'schedule', 'run_now', 'test', 'backfill'] as const
/** @public */
export type ReportOrigin = (typeof reportOrigins)[number]

export const fileFormats = ['csv', 'excel'] as const
export type FileFormat = (typeof fileFormats)[number]

/** A settled report does not change any more unless a person relaunches it. */
export function isSettled(status: ReportStatus): boolean {
  return status !== 'queued' && status !== 'running'
}

/**
 * Whether a person may relaunch: it failed, was cancelled, or some recipients have not had it. Writing again to those
 * who perhaps have it is another decision.
 */
export function canRelaunch(status: ReportStatus, delivery: DeliveryState): boolean {
  return status === 'failed' || status === 'cancelled' || (status === 'completed' && delivery === 'partial')
}

/** Outcome of a report whose file is ready, from its recipients' results. */
export function deliveryOutcome(results: readonly RecipientStatus[]): DeliveryState {
  if (results.every((result) => result === 'pending')) return 'none'
  const count = (status: RecipientStatus) => results.filter((result) => result === status).length
  const [sent, uncertain] = [count('sent'), count('uncertain')]
  if (sent === results.length) return 'sent'
  if (sent + uncertain === results.length) return 'uncertain'
  return sent + uncertain === 0 ? 'failed' : 'partial'
}
