/** What a request ended with instead of an answer. */

import type { ProblemCode } from '#domain/problems.ts'
import type { ProblemJson } from '#domain/schemas/problem-schema.ts'

/** `network`: no answer at all; `unreadable`: an answer that is not ours (a proxy's page, say). */
export type FailureCode = ProblemCode | 'network' | 'unreadable'

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly code: FailureCode
  /** HTTP status; 0 without an answer. */
  readonly status: number
  /** What went wrong and what to do, in the person's language; empty for `network` and `unreadable`. */
  readonly detail: string
  /** The kind, in few words. */
  readonly title: string
  /** Wrong fields by path, such as `recipients.3`. */
  readonly errors: readonly { path: string; message: string }[]
  /** To be given to IT. */
  readonly requestId: string | null
  /** What the reports' database said of a type's SQL, for administrators: `42P01: relation "x" does not exist`. */
  readonly sourceAnswer: string | null
  /** Seconds to wait, when the service says so. */
  readonly retryAfter: number | null

  constructor(
    code: FailureCode,
    status: number,
    problem: Partial<ProblemJson> = {},
    retryAfter: number | null = null,
  ) {
    super(problem.detail ?? code)
    this.code = code
    this.status = status
    this.detail = problem.detail ?? ''
    this.title = problem.title ?? ''
    this.errors = problem.errors ?? []
    this.requestId = problem.request_id ?? null
    this.sourceAnswer = inOneLine(problem.source_answer)
    this.retryAfter = retryAfter
  }

  /** The first message about a field, or about anything below it (`recipients` for `recipients.3`). */
  errorAt(path: string): string | undefined {
    return this.errors.find((error) => error.path === path || error.path.startsWith(`${path}.`))?.message
  }

  /** Whether the service did not answer, or only a proxy did. */
  get isUnanswered(): boolean {
    return this.code === 'network' || (this.code === 'unreadable' && this.status >= 500)
  }

  /** Whether a part of the service is away and a retry is cheap; a query that timed out is not an outage. */
  get isOutage(): boolean {
    return this.isUnanswered || this.code.endsWith('_unavailable')
  }

  /** Whether the same request, later, may succeed. */
  get isTemporary(): boolean {
    if (this.code === 'source_query_failed') return false
    return this.code === 'network' || this.status === 429 || this.status >= 500
  }
}

function inOneLine(answer: ProblemJson['source_answer']): string | null {
  if (!answer) return null
  const { sql_state, message, hint, position } = answer
  const more = [position === null ? null : `position ${position}`, hint].filter((part) => part !== null)
  return `${sql_state}: ${message}${more.length > 0 ? ` (${more.join('; ')})` : ''}`
}

export function asFailure(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure('unreadable', 0)
}
