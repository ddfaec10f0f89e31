/** Every call to the API. Paths, parameters, bodies and answers are those of the description that it serves. */

import createClient from 'openapi-fetch'
import type { ProblemJson } from '#domain/schemas/problem-schema.ts'
import type { components, operations, paths } from '../api-types.ts'
import { basePath, withoutBasePath } from './base-path.ts'
import { ApiFailure } from './api-failure.ts'
import { locale } from './i18n.ts'
import { sessionEnded } from './session.ts'

type Schemas = components['schemas']
export type Me = Schemas['Me']
export type MeChange = Schemas['MeChange']
export type ReportType = Schemas['ReportType']
export type DataRows = Schemas['DataPage']
export type DataTotals = Schemas['DataTotals']
export type ReportJson = Schemas['Report']
export type ReportRequest = Schemas['ReportRequest']
export type DeliveryLog = Schemas['DeliveryLog']
export type DeliveryEntry = Schemas['DeliveryEntry']
export type ScheduledReportJson = Schemas['ScheduledReport']
export type ScheduledReportInput = Schemas['ScheduledReportInput']
export type OwnerChange = Schemas['OwnerChange']
export type TimingPreview = Schemas['TimingPreview']
export type TimingPreviewInput = Schemas['TimingPreviewInput']
export type OccurrenceJson = Schemas['Occurrence']
export type BackfillInput = Schemas['BackfillInput']
export type BackfillPreview = Schemas['BackfillPreview']
export type Dashboard = Schemas['Dashboard']
export type UserJson = Schemas['User']
export type Attribute = Schemas['Attribute']
export type Invitation = Schemas['Invitation']
export type UserChange = Schemas['UserChange']
export type HandOver = Schemas['HandOver']
export type PasswordChange = Schemas['PasswordChange']
export type Session = Schemas['Session']
export type ApiKey = Schemas['ApiKey']
export type NewApiKey = Schemas['NewApiKey']
export type CreatedApiKey = Schemas['CreatedApiKey']

export type AuditEntry = Schemas['AuditEntry']

type Query<Operation extends keyof operations> = NonNullable<operations[Operation]['parameters']['query']>
export type AuditQuery = Query<'listAuditEntries'>
export type ScheduledReportsQuery = Query<'listScheduledReports'>
export interface ReportsQuery extends Omit<Query<'listReports'>, 'status'> {
  /** Statuses; none means all but the skipped. */
  status?: readonly string[]
}
export interface UsersQuery extends Omit<Query<'listUsers'>, 'active'> {
  active?: boolean
}
export interface RowsQuery extends Omit<Query<'listRows'>, 'columns' | 'filters'> {
  columns?: readonly string[]
  filters?: Filters
}
type Filters = Readonly<Record<string, unknown>>

/** A thing with the version it was read in: `etag` goes back as `If-Match`. */
export interface Versioned<Value> {
  value: Value
  etag: string | null
}

/** An idempotency key: kept while the same request is retried, so that it takes effect once. */
export function newIdempotencyKey(): string {
  // randomUUID exists only in secure contexts; a plain-http intranet is none.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

/** Not in the description: they set cookies, for browsers alone. */
interface SignInPaths {
  '/api/auth/sign-in/email': Post<{ email: string; password: string }, unknown>
  '/api/auth/sign-out': Post<object, { continue_at: string | null }>
}
interface Post<Body, Answer> {
  post: {
    requestBody: { content: { 'application/json': Body } }
    responses: { 200: { content: { 'application/json': Answer } } }
  }
}

const client = createClient<paths & SignInPaths>({
  baseUrl: basePath,
  credentials: 'same-origin',
  headers: { accept: 'application/json' },
  fetch: ask,
})

/** Where a refusal is an answer, not the end of a session. */
const beforeSignIn = /^\/(api\/auth\/|v1\/configuration$)/

/** The answer, or an ApiFailure: that there was none, or what it says is wrong. */
async function ask(request: Request): Promise<Response> {
  request.headers.set('accept-language', locale())
  let response: Response
  try {
    response = await fetch(request)
  } catch (error) {
    if (request.signal.aborted) throw error
    throw new ApiFailure('network', 0)
  }
  if (response.ok) return response
  const failure = await failureOf(response)
  if (response.status === 401 && !beforeSignIn.test(withoutBasePath(new URL(request.url).pathname)))
    sessionEnded()
  throw failure
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const seconds = Number(response.headers.get('retry-after'))
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : null
  try {
    if (!response.headers.get('content-type')?.includes('json')) throw new Error('not ours')
    const problem = (await response.json()) as ProblemJson
    return new ApiFailure(problem.code as ApiFailure['code'], response.status, problem, retryAfter)
  } catch {
    return new ApiFailure('unreadable', response.status, {}, retryAfter)
  }
}

async function versioned<Value>(
  call: Promise<{ data?: Value; response: Response }>,
): Promise<Versioned<Value>> {
  const { data, response } = await call.catch((error: unknown) => {
    // Truncated, or a proxy's own page.
    const isTold = error instanceof ApiFailure || (error instanceof Error && error.name === 'AbortError')
    throw isTold ? error : new ApiFailure('unreadable', 200)
  })
  if (data === undefined && response.status !== 204) throw new ApiFailure('unreadable', response.status)
  return { value: data as Value, etag: response.headers.get('etag') }
}

async function value<Value>(call: Promise<{ data?: Value; response: Response }>): Promise<Value> {
  return (await versioned(call)).value
}

const reportType = '/v1/report-types/{key}'
const report = '/v1/reports/{number}'
const scheduledReports = '/v1/admin/scheduled-reports'
const scheduledReport = `${scheduledReports}/{id}` as const
const users = '/v1/admin/users'
const user = `${users}/{id}` as const
const passwordLink = '/api/auth/password-links/{token}'
const ofType = (key: string) => ({ path: { key } })
const ofReport = (number: number) => ({ path: { number } })
const ofId = (id: string) => ({ path: { id } })
const once = (idempotencyKey: string) => ({ header: { 'idempotency-key': idempotencyKey } })
const unchangedSince = (etag: string | null) => ({ header: etag ? { 'if-match': etag } : {} })
const filtersText = (filters: Filters = {}) =>
  Object.keys(filters).length > 0 ? JSON.stringify(filters) : undefined

export const api = {
  /** What may be known before sign-in. */
  configuration: (signal?: AbortSignal) => value(client.GET('/v1/configuration', { signal })),

  signIn: (email: string, password: string) =>
    value(client.POST('/api/auth/sign-in/email', { body: { email, password } })),
  /** `continue_at`: where the browser goes on, to sign out at the identity provider as well. */
  signOut: () => value(client.POST('/api/auth/sign-out', { body: {} })),

  sendPasswordLink: async (email: string): Promise<void> => {
    // 202 without a body: nothing to read.
    await client.POST('/api/auth/forgotten-password', { body: { email } })
  },
  passwordLink: (token: string, signal?: AbortSignal) =>
    value(client.GET(passwordLink, { params: { path: { token } }, signal })),
  choosePassword: (token: string, password: string) =>
    value(client.POST(passwordLink, { params: { path: { token } }, body: { password } })),

  me: (signal?: AbortSignal) => value(client.GET('/v1/me', { signal })),
  changeMe: (body: MeChange) => value(client.PATCH('/v1/me', { body })),
  changePassword: (body: PasswordChange) => value(client.POST('/v1/me/password', { body })),
  sessions: async (signal?: AbortSignal) => (await value(client.GET('/v1/me/sessions', { signal }))).items,
  endSession: (id: string) => value(client.DELETE('/v1/me/sessions/{id}', { params: ofId(id) })),
  apiKeys: async (signal?: AbortSignal) => (await value(client.GET('/v1/me/api-keys', { signal }))).items,
  createApiKey: (body: NewApiKey) => value(client.POST('/v1/me/api-keys', { body })),
  deleteApiKey: (id: string) => value(client.DELETE('/v1/me/api-keys/{id}', { params: ofId(id) })),

  reloadReportTypes: () => value(client.POST('/v1/admin/report-types/reload')),
  dashboard: (signal?: AbortSignal) => value(client.GET('/v1/admin/dashboard', { signal })),

  reportTypes: async (signal?: AbortSignal) =>
    (await value(client.GET('/v1/report-types', { signal }))).items,
  rows: (type: string, { columns, filters, ...query }: RowsQuery, signal?: AbortSignal) =>
    value(
      client.GET(`${reportType}/rows`, {
        params: {
          ...ofType(type),
          query: { ...query, columns: columns?.join(','), filters: filtersText(filters) },
        },
        signal,
      }),
    ),
  totals: (type: string, filters: Filters, signal?: AbortSignal) =>
    value(
      client.GET(`${reportType}/totals`, {
        params: { ...ofType(type), query: { filters: filtersText(filters) } },
        signal,
      }),
    ),
  filterOptions: (key: string, filter: string, q: string, signal?: AbortSignal) =>
    value(
      client.GET(`${reportType}/filters/{filter}/options`, {
        params: { path: { key, filter }, query: { q: q === '' ? undefined : q } },
        signal,
      }),
    ),

  reports: ({ status, ...query }: ReportsQuery, signal?: AbortSignal) =>
    value(
      client.GET('/v1/reports', {
        params: { query: { ...query, status: status?.length ? status.join(',') : undefined } },
        signal,
      }),
    ),
  report: (number: number, signal?: AbortSignal) =>
    value(client.GET(report, { params: ofReport(number), signal })),
  reportLog: (number: number, signal?: AbortSignal) =>
    value(client.GET(`${report}/log`, { params: ofReport(number), signal })),
  requestReport: (body: ReportRequest, idempotencyKey: string) =>
    value(client.POST('/v1/reports', { params: once(idempotencyKey), body })),
  relaunchReport: (number: number, resendUncertain: boolean) =>
    value(
      client.POST(`${report}/relaunch`, {
        params: { ...ofReport(number), query: { resend_uncertain: resendUncertain ? 'true' : undefined } },
      }),
    ),
  cancelReport: (number: number) => value(client.POST(`${report}/cancel`, { params: ofReport(number) })),
  downloadUrl: (number: number) => value(client.POST(`${report}/download-url`, { params: ofReport(number) })),

  scheduledReports: (query: ScheduledReportsQuery, signal?: AbortSignal) =>
    value(client.GET(scheduledReports, { params: { query }, signal })),
  scheduledReport: (id: string, signal?: AbortSignal) =>
    versioned(client.GET(scheduledReport, { params: ofId(id), signal })),
  createScheduledReport: (body: ScheduledReportInput, idempotencyKey: string) =>
    versioned(client.POST(scheduledReports, { params: once(idempotencyKey), body })),
  /** @param etag the version that was edited; 412 `stale_version` when it was changed since. */
  replaceScheduledReport: (id: string, body: ScheduledReportInput, etag: string | null) =>
    versioned(client.PUT(scheduledReport, { params: { ...ofId(id), ...unchangedSince(etag) }, body })),
  deleteScheduledReport: (id: string, etag: string | null = null) =>
    value(client.DELETE(scheduledReport, { params: { ...ofId(id), ...unchangedSince(etag) } })),
  pauseScheduledReport: (id: string) => value(client.POST(`${scheduledReport}/pause`, { params: ofId(id) })),
  resumeScheduledReport: (id: string) =>
    value(client.POST(`${scheduledReport}/resume`, { params: ofId(id) })),
  /** @param etag the version that was looked at; 412 `stale_version` when it changed since. */
  changeOwner: (id: string, body: OwnerChange, etag: string | null) =>
    versioned(
      client.POST(`${scheduledReport}/owner`, { params: { ...ofId(id), ...unchangedSince(etag) }, body }),
    ),
  runScheduledReport: (id: string, idempotencyKey: string) =>
    value(client.POST(`${scheduledReport}/run`, { params: { ...ofId(id), ...once(idempotencyKey) } })),
  testScheduledReport: (id: string, idempotencyKey: string) =>
    value(client.POST(`${scheduledReport}/test`, { params: { ...ofId(id), ...once(idempotencyKey) } })),
  backfillScheduledReport: (id: string, body: BackfillInput) =>
    value(client.POST(`${scheduledReport}/backfill`, { params: ofId(id), body })),
  /** What a backfill would do; starts nothing. */
  previewBackfill: (id: string, body: BackfillInput, signal?: AbortSignal) =>
    value(client.POST(`${scheduledReport}/backfill/preview`, { params: ofId(id), body, signal })),
  /** The last reports in brief, newest first. */
  occurrences: async (id: string, limit: number, signal?: AbortSignal) => {
    const params = { ...ofId(id), query: { limit } }
    const call = client.GET(`${scheduledReport}/occurrences`, { params, signal })
    return (await value(call)).items
  },
  previewTiming: (body: TimingPreviewInput, signal?: AbortSignal) =>
    value(client.POST(`${scheduledReports}/preview`, { body, signal })),
  deliveryLogs: (id: string, query: Query<'listDeliveryLogs'>, signal?: AbortSignal) =>
    value(client.GET(`${scheduledReport}/logs`, { params: { ...ofId(id), query }, signal })),

  users: ({ active, ...query }: UsersQuery, signal?: AbortSignal) =>
    value(
      client.GET(users, {
        params: { query: { ...query, active: active === undefined ? undefined : (`${active}` as const) } },
        signal,
      }),
    ),
  inviteUser: (body: Invitation) => value(client.POST(users, { body })),
  inviteUserAgain: (id: string) => value(client.POST(`${user}/invite`, { params: ofId(id) })),
  changeUser: (id: string, body: UserChange) => value(client.PATCH(user, { params: ofId(id), body })),
  handOver: (id: string, body: HandOver) =>
    value(client.POST(`${user}/hand-over`, { params: ofId(id), body })),
  anonymiseUser: (id: string) => value(client.POST(`${user}/anonymise`, { params: ofId(id) })),
  attributes: async (signal?: AbortSignal) =>
    (await value(client.GET('/v1/admin/attributes', { signal }))).items,
  audit: (query: AuditQuery, signal?: AbortSignal) =>
    value(client.GET('/v1/admin/audit', { params: { query }, signal })),
  deactivateUser: (id: string) => value(client.POST(`${user}/deactivate`, { params: ofId(id) })),
  reactivateUser: (id: string) => value(client.POST(`${user}/reactivate`, { params: ofId(id) })),
}
