/** Errors as RFC 9457 problems, in the caller's language. */

import type { SourceAnswer } from '#adapters/source/source-error.ts'
import type { Localized } from '#domain/locale.ts'
import { problems, problemTitle, type FieldIssue, type ProblemCode } from '#domain/problems.ts'
import type { ProblemJson } from '#domain/schemas/problem-schema.ts'
import type { ApiContext } from './api-env.ts'

/** A body of 1 MB may have 20,000 wrong fields; nobody reads so many. */
const maxIssues = 100

interface ProblemOptions {
  /** Which fields are wrong; the first hundred are named. */
  issues?: readonly FieldIssue[]
  /** Replaces the code's own sentence. */
  detail?: Localized
  headers?: Readonly<Record<string, string>>
  cause?: unknown
}

/** Thrown anywhere below a route; the app's error handler turns it into the answer. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly code: ProblemCode
  readonly options: ProblemOptions

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(problemTitle(code, 'en'), { cause: options.cause })
    this.code = code
    this.options = options
  }
}

export function invalid(issues: readonly FieldIssue[]): ApiProblem {
  return new ApiProblem('validation_failed', { issues })
}

export function notFound(): ApiProblem {
  return new ApiProblem('not_found')
}

/** @param sourceAnswer what the source database said, for an administrator. */
export function problemResponse(
  context: ApiContext,
  problem: ApiProblem,
  sourceAnswer?: SourceAnswer,
): Response {
  const { code, options } = problem
  const locale = context.get('locale')
  const { status, title, detail } = problems[code]
  const body: ProblemJson = {
    type: `urn:rapporteur:problem:${code}`,
    title: title[locale],
    status,
    detail: (options.detail ?? detail)[locale],
    code,
    ...(options.issues && {
      errors: options.issues
        .slice(0, maxIssues)
        .map(({ path, message }) => ({ path, message: asSentence(message[locale]) })),
    }),
    ...(sourceAnswer && {
      source_answer: {
        sql_state: sourceAnswer.sqlState,
        message: sourceAnswer.message,
        hint: sourceAnswer.hint ?? null,
        position: sourceAnswer.position ?? null,
      },
    }),
    request_id: context.get('requestId'),
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'x-request-id': context.get('requestId'),
      ...options.headers,
    },
  })
}

/** Messages come from several folders, some without a capital or a full stop. */
function asSentence(text: string): string {
  const capitalised = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(capitalised) ? capitalised : `${capitalised}.`
}
