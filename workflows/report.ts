/**
 * One report, from its request to its delivery: open → generate → store → email × recipient → close. A failed report
 * stays open for a relaunch, which resumes at the failed step; when its history got long, in a run that continues it.
 * See docs/states.md.
 */

import type { Priority } from '@temporalio/common'
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import {
  deliveryOutcome,
  isReached,
  type DeliveryState,
  type ReportPhase,
  type ReportStatus,
} from '#domain/report-status.ts'
import { awayPartOf, failureSentence } from '#domain/failures.ts'
import type { Activities } from '#activities/create-activities.ts'
import type { OpenedReport, RecipientResult, Settled, Settlement, StagedFile } from '#contract/report-run.ts'
import { cancelSignal, relaunchSignal, type ReportInput } from '#contract/report-messages.ts'
import { nominalTimeKey } from '#contract/search-attributes.ts'
import { deliverToRecipients } from './deliver-to-recipients.ts'
import { describeFailure } from './describe-failure.ts'
import { OutagePatience, partAwayIn } from './outage-patience.ts'
import { retryInterrupted } from './retry-interrupted.ts'
import * as policies from './policies.ts'
import { RelaunchGate } from './relaunch-gate.ts'
import { replaysAs } from './replays-as.ts'
import { showAway, showOpened, showPhase, showSettled, showSkipped, showWaiting } from './show-state.ts'
import { fairnessKeyOf } from '#contract/names.ts'

export interface ReportOutcome {
  number: number | null
  status: ReportStatus | 'already_claimed' | 'definition_deleted' | 'no_longer_due'
  delivery: DeliveryState
}

/** @param summary what Temporal Web shows beside the activity. */
const bookkeeping = (summary: string) =>
  proxyActivities<Activities>({ ...policies.bookkeepingPolicy, summary })

export async function report(input: ReportInput): Promise<ReportOutcome> {
  const gate = new RelaunchGate()
  let attempt: CancellationScope | null = null
  let cancelRequested = false
  // Of a relaunch and a cancel, the later signal counts.
  setHandler(relaunchSignal, (request) => {
    if (gate.offer(request)) cancelRequested = false
  })
  setHandler(cancelSignal, () => {
    cancelRequested = true
    attempt?.cancel()
  })

  const { carried, ...request } = input
  const opened = await shielded(() =>
    bookkeeping(inputName(input)).openReport({
      input: request,
      scheduledFor: nominalTime(input),
      workflowStartedAt: workflowInfo().startTime.toISOString(),
    }),
  )
  if (opened.kind !== 'opened') {
    if (opened.reason === 'skipped') showSkipped(opened)
    return { number: opened.number, status: opened.reason, delivery: 'none' }
  }
  const { report } = opened
  const { number } = report
  showOpened(report)

  const staged = carried?.staged ?? null
  const work: Work = { report, staged, stored: report.stored, results: report.delivered }
  let round = report.round
  let resuming = report.settled !== null
  if (carried?.relaunch) gate.offer(carried.relaunch)
  let waiting: Settled | null = null
  if (report.settled && !gate.wantsAfter(round)) {
    // A settled report without a relaunch request: an operator started it by hand, which changes nothing.
    if (!carried) return { number, ...report.settled }
    waiting = carried.outcome
    showSettled(report, { ...waiting, number, round })
  }

  for (let relaunches = 0; ; relaunches++) {
    let settled = waiting ?? (await runRound())
    waiting = null
    const mayGoOn = relaunches < policies.relaunchesPerRun
    if (settled.status === 'failed' && mayGoOn) {
      if (isLong() && !cancelRequested) await goOnInNewRun(settled)
      const ending = await waitForRelaunch()
      if (ending === 'relaunched') {
        resuming = true
        continue
      }
      if (ending === 'cancelled') {
        // The cancel answers every earlier relaunch request.
        gate.close()
        gate.open()
        settled = await shielded(() => settle(work, { ...cancelledResult(work), number, round }))
      }
    }
    if (!archivesWithResult()) await shielded(() => bookkeeping(`N° ${number}`).closeReport({ number }))
    // Cancelled by Temporal's own request: this run can do nothing more.
    if (CancellationScope.current().consideredCancelled)
      throw new CancelledFailure('The report was cancelled')
    // A relaunch that arrived while the report was being closed is not lost, nor is a cancel after it.
    if (mayGoOn && gate.wantsAfter(round)) {
      if (isLong()) await goOnInNewRun(settled)
      resuming = true
      continue
    }
    return conclude(number, settled)
  }

  async function runRound(): Promise<Settled> {
    if (resuming) {
      round += 1
      Object.assign(work, await shielded(() => bookkeeping(`round ${round}`).resumeReport({ number, round })))
    }
    gate.close()
    attempt = new CancellationScope()
    if (cancelRequested) attempt.cancel()
    const result = await attempt
      .run(() => produceAndDeliver(work))
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error
        return cancelledResult(work)
      })
    const isCancelled = cancelRequested || attempt.consideredCancelled
    attempt = null
    // From here on people can see the result, so a relaunch signal refers to it.
    gate.open()
    // A report that fails after its cancellation counts as cancelled.
    const outcome: Result =
      isCancelled && result.status === 'failed' ? { ...result, status: 'cancelled', failure: null } : result
    return shielded(() => settle(work, { ...outcome, number, round }))
  }

  /** What the row does not have goes along. */
  function goOnInNewRun(outcome: Settled): Promise<never> {
    const next = { outcome, staged: work.staged, relaunch: gate.asked }
    return continueAsNew<(input: ReportInput) => Promise<ReportOutcome>>({ number, carried: next })
  }

  async function waitForRelaunch(): Promise<'relaunched' | 'cancelled' | 'window_over'> {
    try {
      const woken = await condition(() => cancelRequested || gate.wantsAfter(round), policies.relaunchWindow)
      if (cancelRequested) return 'cancelled'
      return woken ? 'relaunched' : 'window_over'
    } catch (error) {
      if (!isCancellation(error)) throw error
      cancelRequested = true
      return 'cancelled'
    }
  }
}

/** The state of the file and the recipients so far; a relaunch continues from here. */
interface Work {
  report: OpenedReport
  staged: StagedFile | null
  /** Whether the artifact is at its final key. */
  stored: boolean
  /** Results of recipients written to so far. */
  results: RecipientResult[]
}

type Result = Omit<Settlement, 'number' | 'round'>

/** One round: those of generate, store and email that are not done yet. Throws only cancellations. */
async function produceAndDeliver(work: Work): Promise<Result> {
  const { number, locale, ownerId } = work.report
  // The run's own rank; one without is of a release that gave none.
  const priority: Priority = { ...workflowInfo().priority, fairnessKey: fairnessKeyOf(ownerId) }
  let phase: ReportPhase = 'generate'
  const patience = new OutagePatience({
    minutes: work.report.outagePatienceMinutes ?? policies.outagePatienceMinutes,
    onChange: (waiting) => showAway(work.report, phase, waiting),
  })
  try {
    if (!work.stored && !work.staged) {
      showPhase(work.report, phase)
      const { generateReport } = proxyActivities<Activities>({
        ...policies.generatePolicy,
        priority,
        summary: work.report.title,
      })
      work.staged = await retryInterrupted(() => generateReport({ number }), patience)
    }
    if (!work.stored && work.staged) {
      if (work.staged.rowCount === 0 && work.report.onlyIfRows) return skippedResult(work)
      phase = 'store'
      showPhase(work.report, phase)
      const { storeReport } = proxyActivities<Activities>({
        ...policies.storePolicy,
        priority,
        summary: work.report.title,
      })
      const { staged } = work
      await retryInterrupted(() => storeReport({ number, staged }), patience)
      work.stored = true
      work.staged = null
    }
    phase = 'email'
    showPhase(work.report, phase)
    return await deliver(work, priority, patience)
  } catch (error) {
    if (isCancellation(error)) throw error
    const failure = describeFailure(error, locale)
    const waited = patience.waited(awayPartOf(failure.code), locale)
    // A relaunch cannot use a missing or damaged staged file: it makes the file again.
    if (failure.code === 'file_missing' || failure.code === 'file_damaged') work.staged = null
    log.warn('report failed', { number, phase, code: failure.code })
    return {
      status: 'failed',
      delivery: deliveryOutcome(work.results.map((result) => result.status)),
      failure: {
        phase,
        message: [failure.message, waited].filter(Boolean).join(' '),
        code: failure.code,
      },
      recipients: work.results,
    }
  } finally {
    patience.hide()
  }
}

async function deliver(work: Work, priority: Priority, patience: OutagePatience): Promise<Result> {
  const { number, locale, recipients, sealed } = work.report
  // A person who has those written to again that perhaps have it makes them `pending` first.
  const reached = work.results.filter(({ status }) => isReached(status))
  const have = new Map(reached.map((result) => [result.email, result]))
  const nameOf = (email: string) =>
    sealed ? `Recipient ${recipients.indexOf(email) + 1} of ${recipients.length}` : email
  const { results, cancelled, fault } = await deliverToRecipients({
    recipients: recipients.filter((email) => !have.has(email)),
    locale,
    concurrency: policies.maxConcurrentRecipients,
    waits: { deferred: work.report.deferredWaits, quota: work.report.quotaWaits ?? policies.quotaWaits },
    maxBusyRounds: policies.maxBusyRounds,
    isCurrent: replaysAs('mail-in-the-wild'),
    onWaiting: (count) => showWaiting(work.report, count),
    nameOf,
    patience,
    partAwayIn,
    send: (recipient) => {
      const { emailReport } = proxyActivities<Activities>({
        ...policies.emailPolicy,
        priority,
        summary: nameOf(recipient),
      })
      return retryInterrupted(() => emailReport({ number, recipient }), null)
    },
  })
  for (const result of results) have.set(result.email, result)
  work.results = recipients.flatMap((email) => have.get(email) ?? [])
  const delivery = deliveryOutcome(work.results.map((result) => result.status))
  if (cancelled) return { status: 'cancelled', delivery, failure: null, recipients: work.results }
  if (fault) {
    const failure = { phase: 'email', message: failureSentence(fault, locale), code: fault } as const
    return { status: 'failed', delivery, failure, recipients: work.results }
  }
  if (delivery === 'failed') {
    const first = work.results.find((result) => result.status === 'failed')
    const message = [failureSentence('nobody_reached', locale), first?.error].filter(Boolean).join(' ')
    return {
      status: 'failed',
      delivery,
      failure: { phase: 'email', message, code: 'nobody_reached' },
      recipients: work.results,
    }
  }
  return { status: 'completed', delivery, failure: null, recipients: work.results }
}

/** « Only if there are rows »: the occurrence is accounted for, and no mail is sent. */
function skippedResult(work: Work): Result {
  return {
    status: 'skipped',
    delivery: 'none',
    skipReason: 'no_rows',
    failure: null,
    recipients: work.results,
  }
}

function cancelledResult(work: Work): Result {
  const delivery = deliveryOutcome(work.results.map((result) => result.status))
  return { status: 'cancelled', delivery, failure: null, recipients: work.results }
}

/**
 * Writes a round's result on the row, announces it, and removes staged files that are no longer needed.
 * @returns the result as stored on the row, which may include mails whose acceptance never reached the workflow.
 */
async function settle(work: Work, settlement: Settlement): Promise<Settled> {
  const { number } = settlement
  const settled = await bookkeeping(`${settlement.status}, delivery: ${settlement.delivery}`).settleReport(
    settlement,
  )
  const { status } = settled
  work.results = settled.recipients
  showSettled(work.report, { ...settlement, ...settled })
  if (archivesWithResult()) {
    const { closeReport } = proxyActivities<Activities>(policies.archivePolicy)
    await warnOnFailure('the sweep archives the log later', number, () => closeReport({ number }))
  }
  if (settled.hasNews) {
    const { announceOutcome } = proxyActivities<Activities>(policies.announcePolicy)
    await warnOnFailure('reconciler and sweep make it known later', number, () => announceOutcome({ number }))
  }
  const discardsFile = status === 'cancelled' || status === 'skipped'
  if (discardsFile) work.staged = null
  // Removes unfinished files of the attempts; a complete file is kept for a relaunch.
  if (discardsFile || (status === 'failed' && !work.staged && !work.stored)) await discardStaged(number)
  return settled
}

/** In runs of earlier versions the log is archived when the run ends. */
function archivesWithResult(): boolean {
  return replaysAs('archive-with-result')
}

/** Whether the engine suggests to begin a new history: a hundred deferred recipients add thousands of events a round. */
function isLong(): boolean {
  return workflowInfo().continueAsNewSuggested && archivesWithResult()
}

function discardStaged(number: number): Promise<void> {
  const cleanup = proxyActivities<Activities>(policies.cleanupPolicy)
  return warnOnFailure('leftovers stay for the sweep', number, () => cleanup.discardStaged({ number }))
}

/** A failure of work around a report is in the history; it must not change the report's result. */
async function warnOnFailure(message: string, number: number, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (isCancellation(error)) throw error
    log.warn(message, { number })
  }
}

/** The workflow of a failed report fails too, so that Temporal Web shows the same status. */
function conclude(number: number, { status, delivery, failure }: Settled): ReportOutcome {
  if (status === 'failed') throw ApplicationFailure.nonRetryable(failure?.message, failure?.code)
  return { number, status, delivery }
}

/** As the engine knows a report that is not opened yet. */
function inputName(input: ReportInput): string {
  return input.number === undefined ? `due ${nominalTime(input)}` : `N° ${input.number}`
}

/** When this occurrence was due. A start by hand, without a Schedule, counts as due at its start. */
function nominalTime(input: ReportInput): string | null {
  if (input.scheduledReportId === undefined) return null
  const { typedSearchAttributes, startTime } = workflowInfo()
  return (typedSearchAttributes.get(nominalTimeKey) ?? startTime).toISOString()
}

/** Bookkeeping continues when the report is cancelled: the row must say so. */
function shielded<T>(work: () => Promise<T>): Promise<T> {
  return CancellationScope.nonCancellable(work)
}
