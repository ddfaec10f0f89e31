import { DefaultLogger, type Logger as TemporalLogger } from '@temporalio/worker'
import type { Logger } from '#config/logger.ts'

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const

/** The lines of Temporal's SDK, its native half, workflows and activities, as those of the process itself. */
export function temporalLogger(logger: Logger): TemporalLogger {
  return new DefaultLogger(logger.isLevelEnabled('debug') ? 'DEBUG' : 'INFO', ({ level, message, meta }) => {
    const { error: err, workflowRunId, ...about } = { ...meta } as Record<string, unknown>
    // A run has one name, in an activity's lines as in a workflow's.
    if (workflowRunId !== undefined) about['runId'] = workflowRunId
    logger[levels[level]]({ ...about, err }, message)
  })
}
