/** One line of JSON per event on stdout, whoever writes it: the service, its libraries, Node itself. */

import { format } from 'node:util'
import { trace } from '@opentelemetry/api'
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino'
import { loggableText, loggableValue } from './loggable-value.ts'

export type { Logger }

/** Loaded by whom it is asked of alone. */
const pretty = process.env.LOG_FORMAT === 'pretty' ? (await import('pino-pretty')).default : undefined

/**
 * `name` says which process wrote a line. Texts, some of which come from outside, are cut and masked: see
 * loggable-value.ts. A wrong LOG_LEVEL counts as unset: what reads the environment says so, in words.
 */
export function createLogger(
  name: string,
  level = levelOr('info', process.env.LOG_LEVEL),
  destination?: DestinationStream,
): Logger {
  const options = {
    name,
    level,
    base: { name, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    mixin: traceInProgress,
    serializers: { err: loggableValue },
    formatters: {
      level: (label: string) => ({ level: label }),
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
  const lines = destination ?? prettyLines()
  return lines ? pino(options, lines) : pino(options)
}

function levelOr(fallback: string, level = ''): string {
  return level === 'silent' || level in pino.levels.values ? level : fallback
}

/** For a person at a terminal. Written at once, so that the last line of a process that ends is not lost. */
function prettyLines(): DestinationStream | undefined {
  return pretty?.({ sync: true, ignore: 'name,pid', messageFormat: '{name} {msg}', singleLine: true })
}

/** Under the names that log collectors look for; nothing where no trace is made. */
function traceInProgress(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext()
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {}
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
