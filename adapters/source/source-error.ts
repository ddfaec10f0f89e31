/**
 * Errors of the source database, classified so that a caller can decide whether to retry.
 * - `unavailable`: not reached, connection lost, shutting down, out of connections: a retry may succeed.
 * - `conflict`: a standby cancelled the query in favour of what the primary sent: a later retry may succeed.
 * - `timeout`: the statement timeout ended the query: a retry will most likely take as long.
 * - `rejected`: the database refuses the query (syntax, permission, a value that does not convert): a retry fails too.
 */
export type SourceErrorKind = 'unavailable' | 'conflict' | 'timeout' | 'rejected'

/** What PostgreSQL said, without what may be data of a row. */
export interface SourceAnswer {
  sqlState: string
  message: string
  hint?: string
  /** Of the character in the query, from 1. */
  position?: number
}

export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly kind: SourceErrorKind
  /** When the error is an answer of the database. */
  readonly answer: SourceAnswer | undefined

  constructor(
    kind: SourceErrorKind,
    message: string,
    { cause, answer }: { cause?: unknown; answer?: SourceAnswer } = {},
  ) {
    super(message, { cause })
    this.kind = kind
    this.answer = answer
  }

  get sqlState(): string | undefined {
    return this.answer?.sqlState
  }

  /** Not there for now: unreachable, ending, starting, full of connections, a standby that takes over changes. */
  get isAway(): boolean {
    if (this.kind === 'conflict') return true
    if (this.kind !== 'unavailable') return false
    return this.sqlState === undefined || awayStates.test(this.sqlState)
  }
}

/** Connection exceptions, shutdown, crash, start, too many connections. */
const awayStates = /^(08|57P0[123]|53300)/
/** SQLSTATE classes after which a retry may succeed: connection, resources, operator, system, rollback. */
const transientClasses = ['08', '53', '57', '58', '40', '55', 'XX']
/** Of these classes: `temp_file_limit` and the like, which the same query meets again. */
const permanentStates = ['53400']
/** Query cancelled by the statement timeout; idle-in-transaction and transaction timeouts. */
const timeoutStates = ['57014', '25P03', '25P04']

/** Wraps an error of `pg`. A SourceError is returned unchanged. */
export function toSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error
  const answer = answerIn(error)
  if (answer === undefined) {
    const message = error instanceof Error && error.message ? error.message : String(error)
    return new SourceError('unavailable', `The source database cannot be reached: ${message}`, {
      cause: error,
    })
  }
  const { sqlState, message, hint, position } = answer
  const more = [position === undefined ? '' : `at character ${position} of the query`, hint].filter(Boolean)
  const words = `${message}${more.length > 0 ? ` (${more.join('; ')})` : ''}`
  const kind = kindOf(answer)
  return new SourceError(kind, `${introductions[kind]} ${sqlState}: ${words}`, {
    // Not the driver's error: its message, detail and context quote rows.
    cause: new Error(`PostgreSQL: ${words}`),
    answer,
  })
}

const introductions = {
  unavailable: 'The source database answered',
  rejected: 'The source database answered',
  timeout: 'The source database ended the query:',
  conflict:
    'The source database is a standby and ended the query in favour of its primary’s changes (set hot_standby_feedback ' +
    'or max_standby_streaming_delay there, see "A standby as source" in docs/operations.md):',
} as const

function kindOf({ sqlState, message }: SourceAnswer): SourceErrorKind {
  if (isConflict(sqlState, message)) return 'conflict'
  if (timeoutStates.includes(sqlState) && !message.includes('user request')) return 'timeout'
  if (permanentStates.includes(sqlState)) return 'rejected'
  return transientClasses.includes(sqlState.slice(0, 2)) ? 'unavailable' : 'rejected'
}

/**
 * 40001 is the cancelled query, also under repeatable read (no other transaction of ours can fail to serialise: it only
 * reads), and 40P01 a lock of the replay. The connection of a transaction that is idle is ended (57P01), with the same words.
 */
function isConflict(sqlState: string, message: string): boolean {
  return sqlState === '40001' || /conflict with recovery/.test(message)
}

/** Only errors of the database have a severity: the code of Node's own EPIPE looks like an SQLSTATE too. */
function answerIn(error: unknown): SourceAnswer | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error && 'severity' in error)) return
  if (typeof error.code !== 'string' || !/^[0-9A-Z]{5}$/.test(error.code)) return
  const sqlState = error.code
  const textOf = (name: 'message' | 'hint') => {
    const text = name in error ? (error as Record<string, unknown>)[name] : undefined
    return typeof text === 'string' && text !== '' ? withoutValues(sqlState, text) : undefined
  }
  const position = 'position' in error ? Number(error.position) : NaN
  return {
    sqlState,
    message: textOf('message') ?? 'no message',
    hint: textOf('hint'),
    ...(Number.isInteger(position) ? { position } : {}),
  }
}

/**
 * Errors about a value quote it: data, integrity, and what functions of the database raise. From the first quotation
 * mark to the last, in any language of the server. (`detail` and `where`, which quote whole rows, are never read.)
 */
function withoutValues(sqlState: string, text: string): string {
  const mayQuoteRows = ['22', '23', 'P0', '44'].includes(sqlState.slice(0, 2))
  return mayQuoteRows ? text.replace(/(["«“„「']).*(["»”“」'])/su, '$1…$2') : text
}
