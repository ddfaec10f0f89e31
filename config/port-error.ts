import { StartError } from '#domain/start-error.ts'

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
