/** One JSON line per event on stdout, whoever writes it: the service, its libraries, Node itself. */

import { format } from 'node:util'
import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino'
import { loggableText, loggableValue } from './loggable-value.ts'

export type { Logger }

/** `name` says which process wrote a line. Texts, some of which come from outside, are cut: see loggable-value.ts. */
export function createLogger(
  name: string,
  level = process.env.LOG_LEVEL ?? 'info',
  destination?: DestinationStream,
): Logger {
  const options = {
    name,
    level,
    base: { name, pid: process.pid },
    serializers: { err: (error: Error) => loggableValue(stdSerializers.err(error)) },
    formatters: {
      log: ({ err, ...about }: Record<string, unknown>) => {
        const cut = loggableValue(about) as Record<string, unknown>
        return err === undefined ? cut : { ...cut, err }
      },
    },
    hooks: {
      logMethod(args: unknown[], method: (...args: unknown[]) => void) {
        method.apply(
          this,
          args.map((arg) => (typeof arg === 'string' ? loggableText(arg) : arg)),
        )
      },
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** For a process of the service: what else would write to its output in a form of its own is logged as well. */
export function logWholeProcess(logger: Logger): void {
  const levels = {
    debug: 'debug',
    log: 'info',
    info: 'info',
    warn: 'warn',
    error: 'error',
    trace: 'debug',
  } as const
  for (const [method, level] of Object.entries(levels)) {
    Reflect.set(console, method, (...args: unknown[]) =>
      logger[level]({ component: 'console' }, loggableText(format(...args))),
    )
  }
  // Node's own listener prints them.
  process.removeAllListeners('warning')
  process.on('warning', (warning) => logger.warn({ err: warning }, warning.name))
  process.on('uncaughtException', (error: unknown, origin) => {
    logger.fatal({ err: error, origin }, 'uncaught error: the process ends')
    process.exit(1)
  })
}
