/** The answer for a report that was just queued. */

import { ApiProblem } from '../http/api-problem.ts'
import type { ApiDeps } from '../deps.ts'
import { reportJson } from './report-json.ts'

/** Starts the workflow; when Temporal is away the report stays queued and the sweep starts it later. */
export async function startedReport(number: number, { prisma, engine }: Pick<ApiDeps, 'prisma' | 'engine'>) {
  const row = await prisma.report.findUnique({ where: { number } })
  if (!row) throw new ApiProblem('not_found')
  if (row.status === 'queued') await engine.startReport(number)
  return { body: reportJson(row), location: `/v1/reports/${number}` }
}
