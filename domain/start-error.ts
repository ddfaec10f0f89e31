/**
 * An error that ends a start in words: its message says what is wrong and what to do, so that it is all that a person
 * needs. Starting again does not mend it.
 */
export class StartError extends Error {
  override readonly name: string = 'StartError'
}

/** Of a process that ends with one: EX_CONFIG of sysexits.h. `npm start` does not try again. */
export const configurationExitCode = 78

/** Says it, once and without a stack. @returns the process's exit code; null when the error is another one. */
export function sayStartError(error: unknown, say: (words: string) => void): number | null {
  if (!(error instanceof StartError)) return null
  say(error.message)
  return configurationExitCode
}
