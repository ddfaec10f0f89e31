import { pino, type Logger } from 'pino'

export type { Logger }

/** One JSON line per event on stdout; `name` says which process wrote it. */
export function createLogger(name: string, level = process.env.LOG_LEVEL ?? 'info'): Logger {
  return pino({ name, level, base: { name, pid: process.pid } })
}
