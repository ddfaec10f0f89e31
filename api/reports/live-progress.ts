/** The progress of a running report, without waiting long for an engine that does not answer. */

import type { ReportProgress } from '#domain/schemas/report-schema.ts'
import type { Engine } from '#services/engine.ts'

const timeoutMs = 1_000

/** Null when the report is not running, between phases, or when the engine takes longer than a second. */
export async function liveProgress(
  engine: Pick<Engine, 'progressOf'>,
  report: { number: number; status: string },
): Promise<ReportProgress | null> {
  if (report.status !== 'running') return null
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs)
  })
  try {
    return await Promise.race([engine.progressOf(report.number), tooLong])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}
