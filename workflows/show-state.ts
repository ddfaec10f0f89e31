/** What an operator reads in Temporal Web: search attributes, and a few lines about the report's state. */

import type { SearchAttributePair } from '@temporalio/common'
import { setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import type { ReportPhase, ReportStatus } from '#domain/report-status.ts'
import type { AwayPart } from '#domain/failures.ts'
import { waitingMemo } from '#contract/names.ts'
import { relaunchWindow } from './policies.ts'
import { replaysAs, setsChangesOnly } from './replays-as.ts'
import type { NotOpened, OpenedReport, Settlement, Waiting } from '#contract/report-run.ts'
import {
  reportNumberKey,
  reportOwnerKey,
  reportStatusKey,
  reportTypeKey,
} from '#contract/search-attributes.ts'

const phaseWords: Readonly<Record<ReportPhase, string>> = {
  generate: 'reading the data and writing the file',
  store: 'putting the file in its place',
  email: 'writing to the recipients',
}

export function showOpened(report: OpenedReport): void {
  const about = [
    { key: reportNumberKey, value: report.number },
    { key: reportTypeKey, value: report.type },
    { key: reportOwnerKey, value: report.ownerId },
  ]
  const running: SearchAttributePair = { key: reportStatusKey, value: 'running' }
  if (setsChangesOnly()) setAttributes(report, [...about, running])
  else {
    setAttributes(report, about)
    setAttributes(report, [running])
  }
  setCurrentDetails(heading(report))
}

/** An occurrence that was skipped can be found like the others. */
export function showSkipped(skipped: NotOpened): void {
  const { number, skipReason } = skipped
  if (number === null || !replaysAs('skipped-is-found')) return
  setAttributes(skipped, [
    { key: reportNumberKey, value: number },
    { key: reportStatusKey, value: 'skipped' },
  ])
  setCurrentDetails(`**N° ${number}** · **skipped**${skipReason ? `: ${skipReason}` : ''}`)
}

export function showPhase(report: OpenedReport, phase: ReportPhase): void {
  showStatus(report, 'running')
  setCurrentDetails(
    `${heading(report)}\n\n**Running**: ${phaseWords[phase]}. Attempts and rows: see the pending activity.`,
  )
}

/** @param waiting number of recipients whose mail server deferred the mail. */
export function showWaiting(report: OpenedReport, waiting: number): void {
  const lines = [heading(report), '', `**Running**: ${phaseWords.email}.`]
  if (waiting > 0)
    lines.push('', `Waiting: ${waiting}, whose mail server asked to come back later; see the timers.`)
  setCurrentDetails(lines.join('\n'))
}

const partWords: Readonly<Record<AwayPart, string>> = {
  source: 'the reports’ database',
  storage: 'the storage',
  database: 'the product’s own database',
  mail: 'the mail server',
}

/** Also in the run's memo, which the API reads: the row cannot be written when the database is away. */
export function showAway(report: OpenedReport, phase: ReportPhase, waiting: Waiting | null): void {
  upsertMemo({ [waitingMemo]: waiting && { ...waiting, phase } })
  if (!waiting) return showPhase(report, phase)
  const { part, since, attempt } = waiting
  setCurrentDetails(
    [
      heading(report),
      '',
      `**Waiting** for ${partWords[part]} since ${since}: ${phaseWords[phase]}. See the timer; attempt ${attempt} is next.`,
    ].join('\n'),
  )
}

export function showSettled(report: OpenedReport, settlement: Settlement): void {
  showStatus(report, settlement.status)
  const lines = [heading(report), '', `**${settlement.status}**, delivery: ${settlement.delivery}`]
  if (settlement.failure) {
    lines.push(
      '',
      `Failed at *${settlement.failure.phase}* (\`${settlement.failure.code}\`): ${settlement.failure.message}`,
    )
    lines.push(
      '',
      `Open for ${relaunchWindow}, waiting for a relaunch: « Relancer » in Rapporteur.`,
      `To resume at this step without it, send the signal \`relaunch\` with input \`{"round": ${settlement.round + 1}}\`.`,
    )
  }
  const unreached = settlement.recipients.filter((recipient) => recipient.status !== 'sent')
  if (unreached.length > 0) {
    lines.push(
      '',
      `Not reached: ${unreached.length} of ${settlement.recipients.length} recipients; see the failed email activities.`,
    )
  }
  setCurrentDetails(lines.join('\n'))
}

function heading(report: OpenedReport): string {
  const due = report.scheduledFor ? `, due ${report.scheduledFor}` : ''
  return `**N° ${report.number} · ${report.title}**${due}`
}

function showStatus(report: OpenedReport, status: ReportStatus): void {
  setAttributes(report, [{ key: reportStatusKey, value: status }])
}

function setAttributes(
  { missingAttributes = [] }: Pick<OpenedReport, 'missingAttributes'>,
  pairs: SearchAttributePair[],
): void {
  const known = pairs.filter(({ key }) => !missingAttributes.includes(key.name))
  const { typedSearchAttributes: present } = workflowInfo()
  const changed = setsChangesOnly() ? known.filter(({ key, value }) => present.get(key) !== value) : known
  if (changed.length > 0) upsertSearchAttributes(changed)
}
