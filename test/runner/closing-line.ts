/**
 * The last line of `npm test`: `N passed, N failed`. A test that is skipped or `todo` counts as failed,
 * and so does a file that could not be loaded or an error outside any test: nothing is left out silently.
 */

import type { Reporter, TestModule, Vitest } from 'vitest/node'

export default class ClosingLine implements Reporter {
  #isFiltered = false

  onInit(vitest: Vitest): void {
    // With `-t NAME` the other tests are skipped on request.
    this.#isFiltered = vitest.config.testNamePattern !== undefined
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0
    let failed = unhandledErrors.length
    const leftOut: string[] = []
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        else if (state === 'failed') failed += 1
        else if (!this.#isFiltered) leftOut.push(`${module.relativeModuleId} > ${test.fullName}`)
      }
    }
    if (leftOut.length > 0) process.exitCode = 1
    // At exit, so that nothing the other reporters or the services say comes after it.
    process.once('exit', () => {
      for (const name of leftOut) process.stdout.write(`Not run, which counts as failed: ${name}\n`)
      process.stdout.write(`${passed} passed, ${failed + leftOut.length} failed\n`)
    })
  }
}
