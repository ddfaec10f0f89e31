/**
 * One report, from being asked for to being delivered: open → generate → store → email × recipient → close.
 * A report that fails stays open for a relaunch, which resumes at the step that failed. See docs/states.md.
 */

import type { Priority } from '@temporalio/common'
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  log,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import {
  deliveryOutcome,
  type DeliveryState,
  type ReportPhase,
  type ReportStatus,
} from '#domain/report-status.ts'
import { failureSentence } from '#domain/failures.ts'
import type { Activities } from '#activities/create-activities.ts'
import type { OpenedReport, RecipientResult, Settled, Settlement, StagedFile } from '#contract/report-run.ts'
import { cancelSignal, relaunchSignal, type ReportInput } from '#contract/report-messages.ts'
import { nominalTimeKey } from '#contract/search-attributes.ts'
import { deliverToRecipients } from './deliver-to-recipients.ts'
import { describeFailure } from './describe-failure.ts'
import { retryInterrupted } from './retry-interrupted.ts'
import * as policies from './policies.ts'
import { RelaunchGate } from './relaunch-gate.ts'
import { showOpened, showPhase, showSettled, showWaiting } from './show-state.ts'

export interface ReportOutcome {
  number: number | null
  status: ReportStatus | 'already_claimed' | 'definition_deleted' | 'no_longer_due'
  delivery: DeliveryState
}

const bookkeeping = proxyActivities<Activities>(policies.bookkeepingPolicy)

export async function report(input: ReportInput): Promise<ReportOutcome> {
  const gate = new RelaunchGate()
  let attempt: CancellationScope | null = null
  let cancelAsked = false
  // Of a relaunch and a cancel, the last word counts.
  setHandler(relaunchSignal, (request) => {
    if (gate.offer(request)) cancelAsked = false
  })
  setHandler(cancelSignal, () => {
    cancelAsked = true
    attempt?.cancel()
  })

  const opened = await uncancelled(() => bookkeeping.openReport({ input, scheduledFor: nominalTime(input) }))
  if (opened.kind !== 'opened') return { number: opened.number, status: opened.reason, delivery: 'none' }
  const { report } = opened
  showOpened(report)

  const work: Work = { report, staged: null, stored: report.stored, results: report.delivered }
  let round = report.round
  let resuming = report.settled !== null
  // A closed report that nobody asked to relaunch: a start by hand, which changes nothing.
  if (report.settled && !gate.wantsAfter(round)) return { number: report.number, ...report.settled }

  for (let relaunches = 0; ; relaunches++) {
    if (resuming) {
      round += 1
      Object.assign(work, await uncancelled(() => bookkeeping.resumeReport({ number: report.number, round })))
    }
    gate.close()
    attempt = new CancellationScope()
    if (cancelAsked) attempt.cancel()
    const result = await attempt
      .run(() => produceAndDeliver(work))
      .catch((error: unknown) => cancelledOnly(work, error))
    const isCalledOff = cancelAsked || attempt.consideredCancelled
    attempt = null
    // From here on a person can see the result, so from here on a relaunch is meant.
    gate.open()
    // A failure that nobody waits for any more is no failure.
    const wanted: Result = isCalledOff && result.status === 'failed' ? calledOff(result) : result
    let settled = await uncancelled(() => settle(work, { ...wanted, number: report.number, round }))

    const mayGoOn = relaunches < policies.relaunchesPerRun
    if (settled.status === 'failed' && mayGoOn) {
      const ending = await waitForRelaunch()
      if (ending === 'relaunched') {
        resuming = true
        continue
      }
      if (ending === 'cancelled') {
        // It answers every relaunch that was asked for before it.
        gate.close()
        gate.open()
        const cancelled: Settlement = { ...calledOff(wanted), number: report.number, round }
        settled = await uncancelled(() => settle(work, cancelled))
      }
    }
    await uncancelled(() => bookkeeping.closeReport({ number: report.number }))
    // Cancelled by Temporal's own request: nothing can run in this run any more.
    if (CancellationScope.current().consideredCancelled)
      throw new CancelledFailure('The report was cancelled')
    // A relaunch may have arrived while the report was being closed: it is not lost, nor is a cancel after it.
    if (mayGoOn && gate.wantsAfter(round)) {
      resuming = true
      continue
    }
    return conclude(report.number, settled)
  }

  async function waitForRelaunch(): Promise<'relaunched' | 'cancelled' | 'window_over'> {
    try {
      const woken = await condition(() => cancelAsked || gate.wantsAfter(round), policies.relaunchWindow)
      if (cancelAsked) return 'cancelled'
      return woken ? 'relaunched' : 'window_over'
    } catch (error) {
      if (!isCancellation(error)) throw error
      cancelAsked = true
      return 'cancelled'
    }
  }
}

/** What is known of the file and the recipients so far; a relaunch goes on from here. */
interface Work {
  report: OpenedReport
  staged: StagedFile | null
  /** Whether the artifact is in its final place. */
  stored: boolean
  /** Results of recipients written to so far. */
  results: RecipientResult[]
}

type Result = Omit<Settlement, 'number' | 'round'>

/** One round: whatever of generate, store and email is not done yet. Throws only cancellations. */
async function produceAndDeliver(work: Work): Promise<Result> {
  const { number, locale, ownerId } = work.report
  // Fairness between owners: one person's thousand reports do not starve another's one.
  const priority: Priority = { fairnessKey: ownerId.slice(0, 64) }
  let phase: ReportPhase = 'generate'
  try {
    if (!work.stored && !work.staged) {
      showPhase(work.report, phase)
      const { generateReport } = proxyActivities<Activities>({
        ...policies.generatePolicy,
        priority,
        summary: work.report.title,
      })
      work.staged = await retryInterrupted(() => generateReport({ number }))
    }
    if (!work.stored && work.staged) {
      if (work.staged.rowCount === 0 && work.report.onlyIfRows) return skipped(work)
      phase = 'store'
      showPhase(work.report, phase)
      const { storeReport } = proxyActivities<Activities>({ ...policies.storePolicy, priority })
      const { staged } = work
      await retryInterrupted(() => storeReport({ number, staged }))
      work.stored = true
      work.staged = null
    }
    phase = 'email'
    showPhase(work.report, phase)
    return await deliver(work, priority)
  } catch (error) {
    if (isCancellation(error)) throw error
    const failure = describeFailure(error, locale)
    // A staged file that is gone or damaged is of no use to a relaunch: make it again.
    if (failure.code === 'file_missing' || failure.code === 'file_damaged') work.staged = null
    log.warn('report failed', { number, phase, code: failure.code })
    return {
      status: 'failed',
      delivery: deliveryOutcome(work.results.map((result) => result.status)),
      failure: { phase, message: failure.message, code: failure.code },
      recipients: work.results,
    }
  }
}

async function deliver(work: Work, priority: Priority): Promise<Result> {
  const { number, locale, recipients } = work.report
  const have = new Map(
    work.results.filter((result) => result.status === 'sent').map((result) => [result.email, result]),
  )
  const { results, cancelled } = await deliverToRecipients({
    recipients: recipients.filter((email) => !have.has(email)),
    locale,
    atOnce: policies.recipientsAtOnce,
    deferredWaits: work.report.deferredWaits,
    onWaiting: (count) => showWaiting(work.report, count),
    send: (recipient) => {
      const { emailReport } = proxyActivities<Activities>({
        ...policies.emailPolicy,
        priority,
        summary: recipient,
      })
      return retryInterrupted(() => emailReport({ number, recipient }))
    },
  })
  for (const result of results) have.set(result.email, result)
  work.results = recipients.flatMap((email) => have.get(email) ?? [])
  const delivery = deliveryOutcome(work.results.map((result) => result.status))
  if (cancelled) return { status: 'cancelled', delivery, failure: null, recipients: work.results }
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

/** « Only if there are rows »: the occurrence is accounted for, nobody is written to. */
function skipped(work: Work): Result {
  return {
    status: 'skipped',
    delivery: 'none',
    skipReason: 'no_rows',
    failure: null,
    recipients: work.results,
  }
}

function cancelledOnly(work: Work, error: unknown): Result {
  if (!isCancellation(error)) throw error
  const delivery = deliveryOutcome(work.results.map((result) => result.status))
  return { status: 'cancelled', delivery, failure: null, recipients: work.results }
}

/**
 * Writes a round's result on the row, makes it known to whom it concerns, removes what it left in staging.
 * @returns the result as it stands on the row, which may know of mails the workflow never heard were accepted.
 */
async function settle(work: Work, settlement: Settlement): Promise<Settled> {
  const { number } = settlement
  const settled = await bookkeeping.settleReport(settlement)
  const { status } = settled
  work.results = settled.recipients
  showSettled(work.report, { ...settlement, ...settled })
  if (settled.hasNews) {
    const { announceOutcome } = proxyActivities<Activities>(policies.announcePolicy)
    await evenIfItFails('reconciler and sweep make it known later', number, () => announceOutcome({ number }))
  }
  const isCalledOff = status === 'cancelled' || status === 'skipped'
  if (isCalledOff) work.staged = null
  // Unfinished files of the attempts; one that is whole is kept, for a relaunch to go on from.
  if (isCalledOff || (status === 'failed' && !work.staged && !work.stored)) await discardStaged(number)
  return settled
}

function discardStaged(number: number): Promise<void> {
  const cleanup = proxyActivities<Activities>(policies.cleanupPolicy)
  return evenIfItFails('leftovers stay for the sweep', number, () => cleanup.discardStaged({ number }))
}

/** What happens around a report is in the history; it must not change what became of the report. */
async function evenIfItFails(what: string, number: number, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (isCancellation(error)) throw error
    log.warn(what, { number })
  }
}

/** A failed report's workflow fails too: Temporal Web tells the same story. */
function conclude(number: number, { status, delivery, failure }: Settled): ReportOutcome {
  if (status === 'failed') throw ApplicationFailure.nonRetryable(failure?.message, failure?.code)
  return { number, status, delivery }
}

function calledOff(result: Result): Result {
  return { ...result, status: 'cancelled', failure: null }
}

/** When this occurrence was due. Starts by hand, without a Schedule, count from their start. */
function nominalTime(input: ReportInput): string | null {
  if (input.scheduledReportId === undefined) return null
  const { typedSearchAttributes, startTime } = workflowInfo()
  return (typedSearchAttributes.get(nominalTimeKey) ?? startTime).toISOString()
}

/** Bookkeeping goes on when the report is cancelled: its row must say so. */
function uncancelled<T>(work: () => Promise<T>): Promise<T> {
  return CancellationScope.nonCancellable(work)
}
