import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** These wait for minutes of the clock, or start many processes: begun last, they would keep everybody waiting. */
const longest = [
  /\/outages\.integration/,
  /\/killed-between-writes\.integration/,
  /\/to-schedule-spec\.integration/,
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((pattern) => pattern.test(moduleId))
      return found === -1 ? longest.length : found
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}
