/** Every call to the API; types come from the schemas the API answers by. */

import type { z } from 'zod'
import { pagePaths } from '#domain/page-paths.ts'
import type { configurationSchema } from '#domain/schemas/configuration-schema.ts'
import type { Dashboard } from '#domain/schemas/dashboard-schema.ts'
import type { meChangeSchema, meSchema } from '#domain/schemas/me-schema.ts'
import type { ProblemJson } from '#domain/schemas/problem-schema.ts'
import type { DeliveryEntry, DeliveryLog, ReportJson } from '#domain/schemas/report-schema.ts'
import type { ReportSort } from '#domain/report-sort.ts'
import type { downloadSchema, ReportRequest } from '#domain/schemas/report-request-schema.ts'
import type {
  dataPageSchema,
  dataTotalsSchema,
  optionListSchema,
  reportTypeSchema,
} from '#domain/schemas/report-type-schema.ts'
import type {
  backfillInputSchema,
  BackfillPreview,
  backfillSchema,
  OccurrenceJson,
  ScheduledReportInput,
  ScheduledReportJson,
  TimingPreviewInput,
  timingPreviewSchema,
} from '#domain/schemas/scheduled-report-schema.ts'
import type { OwnerChange, UserJson } from '#domain/schemas/user-schema.ts'
import { ApiFailure } from './api-failure.ts'
import { locale } from './i18n.ts'
import { sessionEnded } from './session.ts'

export type Me = z.infer<typeof meSchema>
export type MeChange = z.infer<typeof meChangeSchema>
export type Configuration = z.infer<typeof configurationSchema>
export type ReportType = z.infer<typeof reportTypeSchema>
export type DataRows = z.infer<typeof dataPageSchema>
export type DataTotals = z.infer<typeof dataTotalsSchema>
export type OptionList = z.infer<typeof optionListSchema>
export type Download = z.infer<typeof downloadSchema>
export type TimingPreview = z.infer<typeof timingPreviewSchema>
export type Backfill = z.infer<typeof backfillSchema>
export type BackfillInput = z.infer<typeof backfillInputSchema>
export type {
  BackfillPreview,
  Dashboard,
  DeliveryEntry,
  DeliveryLog,
  OccurrenceJson,
  OwnerChange,
  ReportJson,
  ReportRequest,
  ScheduledReportInput,
  ScheduledReportJson,
  TimingPreviewInput,
  UserJson,
}

export interface Page<Item> {
  items: Item[]
  total: number
  page: number
  page_size: number
}

/** A thing with the version it was read in: `etag` goes back as `If-Match`. */
export interface Versioned<Value> {
  value: Value
  etag: string | null
}

export interface ReportsQuery {
  page?: number
  page_size?: number
  /** Statuses; none means all but the skipped. */
  status?: readonly string[]
  type?: string
  sort?: ReportSort
}
export interface ScheduledReportsQuery {
  page?: number
  page_size?: number
  q?: string
  status?: 'enabled' | 'disabled' | 'failed' | 'owner_inactive'
  /** `all`, or a person's id; one's own unless given. */
  owner?: string
}
export interface UsersQuery {
  page?: number
  page_size?: number
  q?: string
  role?: UserJson['role']
  active?: boolean
}
export interface RowsQuery {
  page?: number
  page_size?: number
  columns?: readonly string[]
  filters?: Readonly<Record<string, unknown>>
  /** A column's key, a hyphen before it for downwards. */
  sort?: string
}

interface Options {
  query?: Readonly<Record<string, string | number | boolean | undefined>>
  body?: unknown
  signal?: AbortSignal
  ifMatch?: string | null
  idempotencyKey?: string
  /** A refusal is an answer here (sign-in), not the end of a session. */
  anonymous?: boolean
}

/** A key for one intention: kept while the same thing is tried again, so that it happens once. */
export function newIdempotencyKey(): string {
  // randomUUID exists only in secure contexts; a plain-http intranet is none.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const { query = {}, body, signal, ifMatch, idempotencyKey, anonymous = false } = options
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': locale() }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (ifMatch) headers['if-match'] = ifMatch
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey

  let response: Response
  try {
    response = await fetch(search.size > 0 ? `${path}?${search}` : path, {
      method,
      headers,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiFailure('network', 0)
  }
  if (response.ok) return response
  const problem = await problemOf(response)
  if (response.status === 401 && !anonymous) sessionEnded()
  throw problem
}

async function problemOf(response: Response): Promise<ApiFailure> {
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

async function json<Value>(method: string, path: string, options?: Options): Promise<Value> {
  return (await read<Value>(await send(method, path, options))).value
}

async function versioned<Value>(method: string, path: string, options?: Options): Promise<Versioned<Value>> {
  return read<Value>(await send(method, path, options))
}

async function read<Value>(response: Response): Promise<Versioned<Value>> {
  if (response.status === 204) return { value: undefined as Value, etag: null }
  try {
    return { value: (await response.json()) as Value, etag: response.headers.get('etag') }
  } catch {
    // Cut off on the way, or a proxy's own page.
    throw new ApiFailure('unreadable', response.status)
  }
}

const scheduled = '/v1/admin/scheduled-reports'
const users = '/v1/admin/users'
const definition = (id: string) => `${scheduled}/${encodeURIComponent(id)}`

export const api = {
  configuration: (signal?: AbortSignal) =>
    json<Configuration>('GET', '/v1/configuration', { signal, anonymous: true }),

  signIn: (email: string, password: string) =>
    json<unknown>('POST', '/api/auth/sign-in/email', { body: { email, password }, anonymous: true }),
  /** Where the organisation's own sign-in begins; it comes back to `returnTo`. */
  signInElsewhere: (returnTo: string) =>
    json<{ url: string }>('POST', '/api/auth/sign-in/oauth2', {
      body: {
        providerId: 'oidc',
        callbackURL: returnTo,
        errorCallbackURL: pagePaths.signIn,
        disableRedirect: true,
      },
      anonymous: true,
    }),
  signOut: () => json<unknown>('POST', '/api/auth/sign-out', { body: {}, anonymous: true }),

  me: (signal?: AbortSignal) => json<Me>('GET', '/v1/me', { signal }),
  changeMe: (change: MeChange) => json<Me>('PATCH', '/v1/me', { body: change }),

  dashboard: (signal?: AbortSignal) => json<Dashboard>('GET', '/v1/admin/dashboard', { signal }),

  reportTypes: async (signal?: AbortSignal) =>
    (await json<{ items: ReportType[] }>('GET', '/v1/report-types', { signal })).items,
  rows: (type: string, { columns, filters, ...query }: RowsQuery, signal?: AbortSignal) =>
    json<DataRows>('GET', `/v1/report-types/${encodeURIComponent(type)}/rows`, {
      signal,
      query: {
        ...query,
        columns: columns?.join(','),
        filters: filters && Object.keys(filters).length > 0 ? JSON.stringify(filters) : undefined,
      },
    }),
  totals: (type: string, filters: Readonly<Record<string, unknown>>, signal?: AbortSignal) =>
    json<DataTotals>('GET', `/v1/report-types/${encodeURIComponent(type)}/totals`, {
      signal,
      query: { filters: Object.keys(filters).length > 0 ? JSON.stringify(filters) : undefined },
    }),
  filterOptions: (type: string, filter: string, q: string, signal?: AbortSignal) =>
    json<OptionList>(
      'GET',
      `/v1/report-types/${encodeURIComponent(type)}/filters/${encodeURIComponent(filter)}/options`,
      { signal, query: { q: q === '' ? undefined : q } },
    ),

  reports: ({ status, ...query }: ReportsQuery, signal?: AbortSignal) =>
    json<Page<ReportJson>>('GET', '/v1/reports', {
      signal,
      query: { ...query, status: status?.length ? status.join(',') : undefined },
    }),
  report: (number: number, signal?: AbortSignal) =>
    json<ReportJson>('GET', `/v1/reports/${number}`, { signal }),
  reportLog: (number: number, signal?: AbortSignal) =>
    json<DeliveryLog>('GET', `/v1/reports/${number}/log`, { signal }),
  requestReport: (request: ReportRequest, idempotencyKey: string) =>
    json<ReportJson>('POST', '/v1/reports', { body: request, idempotencyKey }),
  relaunchReport: (number: number) => json<ReportJson>('POST', `/v1/reports/${number}/relaunch`),
  cancelReport: (number: number) => json<ReportJson>('POST', `/v1/reports/${number}/cancel`),
  downloadUrl: (number: number) => json<Download>('POST', `/v1/reports/${number}/download-url`),

  scheduledReports: (query: ScheduledReportsQuery, signal?: AbortSignal) =>
    json<Page<ScheduledReportJson>>('GET', scheduled, { signal, query: { ...query } }),
  scheduledReport: (id: string, signal?: AbortSignal) =>
    versioned<ScheduledReportJson>('GET', definition(id), { signal }),
  createScheduledReport: (input: ScheduledReportInput, idempotencyKey: string) =>
    versioned<ScheduledReportJson>('POST', scheduled, { body: input, idempotencyKey }),
  /** @param ifMatch the version that was edited; 412 `stale_version` when somebody was quicker. */
  replaceScheduledReport: (id: string, input: ScheduledReportInput, ifMatch: string | null) =>
    versioned<ScheduledReportJson>('PUT', definition(id), { body: input, ifMatch }),
  deleteScheduledReport: (id: string, ifMatch: string | null = null) =>
    json<void>('DELETE', definition(id), { ifMatch }),
  pauseScheduledReport: (id: string) => json<ScheduledReportJson>('POST', `${definition(id)}/pause`),
  resumeScheduledReport: (id: string) => json<ScheduledReportJson>('POST', `${definition(id)}/resume`),
  /** @param ifMatch the version that was looked at; 412 `stale_version` when it changed since. */
  changeOwner: (id: string, change: OwnerChange, ifMatch: string | null) =>
    versioned<ScheduledReportJson>('POST', `${definition(id)}/owner`, { body: change, ifMatch }),
  runScheduledReport: (id: string, idempotencyKey: string) =>
    json<ReportJson>('POST', `${definition(id)}/run`, { idempotencyKey }),
  testScheduledReport: (id: string, idempotencyKey: string) =>
    json<ReportJson>('POST', `${definition(id)}/test`, { idempotencyKey }),
  backfillScheduledReport: (id: string, input: BackfillInput) =>
    json<Backfill>('POST', `${definition(id)}/backfill`, { body: input }),
  /** What a backfill would do; starts nothing. */
  previewBackfill: (id: string, input: BackfillInput, signal?: AbortSignal) =>
    json<BackfillPreview>('POST', `${definition(id)}/backfill/preview`, { body: input, signal }),
  /** The last reports in brief, newest first. */
  occurrences: async (id: string, limit: number, signal?: AbortSignal) =>
    (
      await json<{ items: OccurrenceJson[] }>('GET', `${definition(id)}/occurrences`, {
        signal,
        query: { limit },
      })
    ).items,
  previewTiming: (input: TimingPreviewInput, signal?: AbortSignal) =>
    json<TimingPreview>('POST', `${scheduled}/preview`, { body: input, signal }),
  deliveryLogs: (id: string, query: { page?: number; page_size?: number }, signal?: AbortSignal) =>
    json<Page<DeliveryEntry>>('GET', `${definition(id)}/logs`, { signal, query }),

  users: (query: UsersQuery, signal?: AbortSignal) =>
    json<Page<UserJson>>('GET', users, { signal, query: { ...query } }),
  deactivateUser: (id: string) => json<UserJson>('POST', `${users}/${encodeURIComponent(id)}/deactivate`),
  reactivateUser: (id: string) => json<UserJson>('POST', `${users}/${encodeURIComponent(id)}/reactivate`),
}
