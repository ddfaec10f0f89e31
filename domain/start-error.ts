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

const portWords: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another program: stop it, or set another port',
  EACCES: 'may not be listened on by this user: set one from 1024 on',
  EADDRNOTAVAIL: 'is at an address that this machine does not have',
}

/** Nothing can listen there; the message is for the operator. */
export class PortError extends StartError {
  override readonly name = 'PortError'
}

/** @returns what to throw where listening on the port of this variable failed. */
export function portError(variable: string, port: number, error: NodeJS.ErrnoException): Error {
  const words = portWords[error.code ?? '']
  return words ? new PortError(`${variable}: ${port} ${words}`, { cause: error }) : error
}
