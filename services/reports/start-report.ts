import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { fairnessKeyOf, priorityKeys, taskQueues, workflowTypes } from '#contract/names.ts'
import type { Report } from '#prisma/client/client.ts'
import { relaunchSignal, type ReportInput } from '#contract/report-messages.ts'
import {
  nominalTimeKey,
  reportNumberKey,
  reportOwnerKey,
  reportTypeKey,
  scheduledReportIdKey,
} from '#contract/search-attributes.ts'
import { knownAttributes } from '../temporal/namespace-attributes.ts'

/**
 * Starts a numbered report. Idempotent: its workflow id follows from the N°, and a run that finds the report settled
 * ends at once. After a workflow that was terminated before it opened the report, a new one starts.
 */
export async function startReport(temporal: Client, row: Report): Promise<void> {
  try {
    await temporal.workflow.start(workflowTypes.report, {
      ...startOptions(temporal, row),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/**
 * Signals the next round; a closed workflow is started again under the same id and continues from the row's
 * checkpoints. Idempotent within a round.
 */
export async function signalRelaunch(temporal: Client, row: Report): Promise<void> {
  await temporal.workflow.signalWithStart(workflowTypes.report, {
    ...startOptions(temporal, row),
    signal: relaunchSignal,
    signalArgs: [{ round: row.round + 1 }],
  })
}

function startOptions(temporal: Client, row: Report) {
  return {
    workflowId: row.workflowId,
    taskQueue: taskQueues.reports,
    args: [{ number: row.number }] satisfies [ReportInput],
    staticSummary: `N° ${row.number} · ${row.title}`,
    priority: {
      priorityKey: row.scheduledFor ? priorityKeys.schedule : priorityKeys.request,
      fairnessKey: fairnessKeyOf(row.ownerId),
    },
    typedSearchAttributes: knownAttributes(temporal, [
      { key: reportNumberKey, value: row.number },
      { key: reportTypeKey, value: row.type },
      { key: reportOwnerKey, value: row.ownerId },
      ...(row.scheduledReportId ? [{ key: scheduledReportIdKey, value: row.scheduledReportId }] : []),
      ...(row.scheduledFor ? [{ key: nominalTimeKey, value: row.scheduledFor }] : []),
    ]),
  }
}

/** Starts a queued report: by the relaunch signal when it has run before, otherwise by its first start. */
export async function restartQueued(temporal: Client, row: Report): Promise<void> {
  await (row.startedAt ? signalRelaunch(temporal, row) : startReport(temporal, row))
}
