import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The files that take longest, in this order: begun last, they would delay the whole run. Those that wait for the
 * clock alternate with those that need the processor, so that neither is short of the other. After them the rest, the
 * unit tests last.
 */
const longest = [
  'outages.integration',
  'main-job.e2e',
  'file-failures.integration',
  'web-scheduled-reports.e2e',
  'killed-worker.integration',
  'email-report.integration',
  'killed-between-writes.integration',
  'worker.integration',
  'web-reports.e2e',
  'report.integration',
  'generate-report.integration',
  'web-data.e2e',
  'schedules.integration',
  'cancel.integration',
  'web-sign-in.e2e',
  'notice.integration',
  'web-keyboard.e2e',
  'to-schedule-spec.integration',
  'write-report-file.integration',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const found = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return found === -1 ? longest.length + (project.name === 'unit' ? 1 : 0) : found
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}
