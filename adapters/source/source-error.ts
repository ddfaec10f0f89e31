/**
 * Errors of the source database, classified so that a caller can decide whether to retry.
 * - `unavailable`: not reached, connection lost, shutting down, out of connections: a retry may succeed.
 * - `timeout`: the statement timeout ended the query: a retry will most likely take as long.
 * - `rejected`: the database refuses the query (syntax, permission, a value that does not convert): a retry fails too.
 */
export type SourceErrorKind = 'unavailable' | 'timeout' | 'rejected'

export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly kind: SourceErrorKind
  /** SQLSTATE, when the error is an answer of the database. */
  readonly sqlState: string | undefined

  constructor(kind: SourceErrorKind, message: string, options: { cause?: unknown; sqlState?: string } = {}) {
    super(message, { cause: options.cause })
    this.kind = kind
    this.sqlState = options.sqlState
  }
}

/** SQLSTATE classes after which a retry may succeed: connection, resources, operator, system, rollback. */
const transientClasses = ['08', '53', '57', '58', '40', '55', 'XX']
/** Query cancelled by the statement timeout; idle-in-transaction and transaction timeouts. */
const timeoutStates = ['57014', '25P03', '25P04']

/** Wraps an error of `pg`. A SourceError is returned unchanged. */
export function toSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error
  const message = error instanceof Error && error.message ? error.message : String(error)
  const sqlState = sqlStateOf(error)
  if (sqlState === undefined) {
    return new SourceError('unavailable', `The source database cannot be reached: ${message}`, {
      cause: error,
    })
  }
  if (timeoutStates.includes(sqlState) && !message.includes('user request')) {
    return new SourceError('timeout', `The source database ended the query: ${message}`, {
      cause: error,
      sqlState,
    })
  }
  const kind = transientClasses.includes(sqlState.slice(0, 2)) ? 'unavailable' : 'rejected'
  return new SourceError(kind, `The source database answered ${sqlState}: ${message}`, {
    cause: error,
    sqlState,
  })
}

/** Only errors of the database have a severity: the code of Node's own EPIPE looks like an SQLSTATE too. */
function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error && 'severity' in error))
    return undefined
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined
}
