/** Answers every error as a problem; only faults of the service and its dependencies are logged as errors. */

import { HTTPException } from 'hono/http-exception'
import { SourceError, type SourceAnswer } from '#adapters/source/source-error.ts'
import { StorageError } from '#adapters/storage/storage-error.ts'
import type { Logger } from '#config/logger.ts'
import type { ProblemCode } from '#domain/problems.ts'
import { isDatabaseAway } from '#prisma/database-away.ts'
import { ReportConfigurationError } from '#catalogue/report-configuration.ts'
import { ApiProblem, problemResponse } from './api-problem.ts'
import type { Api, ApiContext, Person } from './api-env.ts'

export function answerError(error: Error, context: ApiContext, logger: Logger): Response {
  const problem = hasLeft(error, context) ? new ApiProblem('bad_request') : toProblem(error)
  if (loggedCodes.test(problem.code)) {
    logger.error({ requestId: context.get('requestId'), err: error }, 'request failed')
  }
  return problemResponse(context, problem, isForAdministrator(context) ? answerIn(error) : undefined)
}

/** Whose SQL it is that the database refuses. Errors before the sign-in have no person. */
function isForAdministrator(context: ApiContext): boolean {
  return (context.get('person') as Person | undefined)?.role === 'admin'
}

function answerIn(error: Error): SourceAnswer | undefined {
  return error instanceof SourceError ? error.answer : undefined
}

const loggedCodes = /^internal_error$|_unavailable$|^source_(conflict|query_failed)$/

/** Whether the client went away in the middle of its body: nobody reads the answer, and nothing is wrong here. */
function hasLeft(error: Error & { code?: string }, { req }: ApiContext): boolean {
  return req.raw.signal.aborted && error.code === 'ECONNRESET' && error.message === 'aborted'
}

/** 405 with `Allow` where the path exists for another method, 404 otherwise. */
export function answerNotFound(api: Api, context: ApiContext): Response {
  const methods = methodsAt(api, context.req.path)
  const isServed = methods.includes(context.req.method)
  if (methods.length === 0 || isServed) return problemResponse(context, new ApiProblem('not_found'))
  const headers = { allow: methods.join(', ') }
  return problemResponse(context, new ApiProblem('method_not_allowed', { headers }))
}

/** Of the routes written for this very path, if there are any; else of those that take it as a parameter. */
function methodsAt(api: Api, path: string): string[] {
  const routes = api.routes.filter(({ method, path: to }) => method !== 'ALL' && patternOf(to).test(path))
  const own = routes.filter((route) => !route.path.includes(':'))
  const found = new Set((own.length > 0 ? own : routes).map(({ method }) => method))
  if (found.has('GET')) found.add('HEAD')
  return [...found].sort()
}

function patternOf(path: string): RegExp {
  const pattern = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/')
  return new RegExp(`^${pattern}/?$`)
}

const sourceProblems = {
  unavailable: 'source_unavailable',
  conflict: 'source_conflict',
  timeout: 'source_timeout',
  rejected: 'source_query_failed',
} as const satisfies Record<SourceError['kind'], ProblemCode>

function toProblem(error: Error): ApiProblem {
  if (error instanceof ApiProblem) return error
  if (error instanceof SourceError) return new ApiProblem(sourceProblems[error.kind], { cause: error })
  if (error instanceof StorageError) return new ApiProblem('storage_unavailable', { cause: error })
  if (error instanceof ReportConfigurationError) {
    return new ApiProblem('validation_failed', { issues: error.issues, cause: error })
  }
  if (error instanceof HTTPException) return fromHttpException(error)
  if (isDatabaseAway(error)) return new ApiProblem('database_unavailable', { cause: error })
  return new ApiProblem('internal_error', { cause: error })
}

function fromHttpException(error: HTTPException): ApiProblem {
  const codes: Readonly<Record<number, ProblemCode>> = {
    400: 'malformed_json',
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'not_found',
    413: 'body_too_large',
    415: 'unsupported_media_type',
  }
  return new ApiProblem(codes[error.status] ?? 'internal_error', { cause: error })
}
