/** How commands end, and in which words. Nobody who runs one is shown a stack. */

import { configurationExitCode, StartError } from '#domain/start-error.ts'
import { wordsOf } from '#services/checks/finding.ts'

/** `wrong`: what was asked for failed, or something is not as it should be. */
export const exitCodes = { ok: 0, wrong: 1, usage: 2, configuration: configurationExitCode } as const

/** Ends a command with a message for people. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.wrong) {
    super(message)
    this.exitCode = exitCode
  }
}

export class UsageError extends CommandError {
  constructor(message: string) {
    super(message, exitCodes.usage)
  }
}

/** What a person reads of any error, and the code to end with. */
export function endingOf(error: unknown): { message: string; exitCode: number } {
  if (error instanceof CommandError) return { message: error.message, exitCode: error.exitCode }
  if (error instanceof StartError) {
    return { message: error.message, exitCode: exitCodes.configuration }
  }
  return { message: wordsOf(error), exitCode: exitCodes.wrong }
}
