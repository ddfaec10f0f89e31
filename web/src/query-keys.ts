/** What each answer is kept under in the cache: one key a resource. */

import type {
  AuditQuery,
  BackfillInput,
  ReportsQuery,
  RowsQuery,
  ScheduledReportsQuery,
  TimingPreviewInput,
  UsersQuery,
} from './api.ts'
import { locale } from './i18n.ts'

/** Lists and single things share their first word, so that one invalidation reaches both. */
export const queryKeys = {
  configuration: ['configuration'] as const,
  me: ['me'] as const,
  sessions: ['sessions'] as const,
  apiKeys: ['api-keys'] as const,
  dashboard: () => ['dashboard', locale()] as const,
  /** Titles and labels come in the person's language. */
  reportTypes: () => ['report-types', locale()] as const,
  rows: (type: string, query: RowsQuery) => ['rows', type, query] as const,
  totals: (type: string, filters: object) => ['totals', type, filters] as const,
  filterOptions: (type: string, filter: string, q: string) => ['options', type, filter, q, locale()] as const,
  allReports: ['reports'] as const,
  reportLists: ['reports', 'list'] as const,
  reports: (query: ReportsQuery) => ['reports', 'list', query] as const,
  report: (number: number) => ['reports', 'one', number] as const,
  reportLog: (number: number) => ['reports', 'log', number] as const,
  allScheduled: ['scheduled'] as const,
  scheduledLists: ['scheduled', 'list'] as const,
  scheduledReports: (query: ScheduledReportsQuery) => ['scheduled', 'list', query, locale()] as const,
  scheduledReport: (id: string) => ['scheduled', 'one', id, locale()] as const,
  occurrences: (id: string, limit: number) => ['scheduled', 'occurrences', id, limit] as const,
  backfillPreview: (id: string, input: BackfillInput) => ['backfill-preview', id, input, locale()] as const,
  logs: (id: string, query: object) => ['scheduled', 'logs', id, query] as const,
  allUsers: ['users'] as const,
  audit: (query: AuditQuery) => ['audit', query, locale()] as const,
  attributes: () => ['attributes', locale()] as const,
  users: (query: UsersQuery) => ['users', query] as const,
  preview: (input: TimingPreviewInput) => ['preview', input, locale()] as const,
}
