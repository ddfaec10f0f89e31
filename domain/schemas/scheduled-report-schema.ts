/** A « rapport programmé » as clients send it and see it. The dialog and the API check it with this file. */

import { z } from 'zod'
import { definitionDefaults as defaults } from '../definition-defaults.ts'
import { locales } from '../locale.ts'
import { deliveryStates, fileFormats, reportOrigins, reportStatuses } from '../report-status.ts'
import { lineOfText, paragraphs } from './bounded-text.ts'
import { csvChoicesSchema } from '../csv-options.ts'
import { frequencies } from '../timing/timing.ts'
import { recipientsSchema } from './recipients.ts'

export const missedRunsChoices = ['latest', 'all', 'none'] as const

const instant = z.iso.datetime()

/**
 * When it runs. Only shapes are checked here: what a time, a cron expression or a time zone may be is for
 * `parseTiming`, which the preview and the engine's Schedule come from as well.
 */
const timingFields = {
  frequency: z.enum(frequencies),
  /** "HH:MM", wall-clock time in `time_zone`. */
  time: z
    .string()
    .max(20)
    .meta({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', default: defaults.time })
    .optional(),
  /** Monday 1 … Sunday 7. */
  weekdays: z
    .array(z.int().meta({ minimum: 1, maximum: 7 }))
    .max(20)
    .meta({ minItems: 1, default: defaults.weekdays })
    .optional(),
  /** 1 … 31 or "last". */
  month_day: z
    .union([
      z.int().meta({ minimum: 1, maximum: 31 }),
      z.string().max(10).meta({ pattern: '^([1-9]|[12][0-9]|3[01]|last)$' }),
    ])
    .meta({ default: defaults.month_day })
    .optional(),
  /** Classic five fields; required for `custom`. */
  cron_expression: z
    .string()
    .max(500)
    .meta({ examples: ['0 8 * * MON-FRI'] })
    .nullable()
    .optional(),
  /** IANA name. */
  time_zone: z
    .string()
    .max(100)
    .meta({ examples: ['Europe/Paris'] })
    .optional(),
}

/** Minutes after the time due over which starts are spread; null as the installation says, 0 exactly on time. */
const spreadMinutes = z.int().min(0).max(60).nullable()
/** Disabled by itself after this many failures running; null never. */
const pauseAfterFailures = z.int().min(1).max(100).nullable()

export const timingPreviewInputSchema = z.strictObject({
  ...timingFields,
  spread_minutes: spreadMinutes.optional(),
  locale: z.enum(locales).optional(),
})
export type TimingPreviewInput = z.infer<typeof timingPreviewInputSchema>

export const timingPreviewSchema = z.object({
  /** The rule in words. */
  description: z.string(),
  /** The next five, in UTC. */
  next_runs: z.array(instant),
  /** Each of them starts up to this many minutes later. */
  spread_minutes: z.int(),
  warnings: z.array(z.string()),
})

/** What the service decides. Clients that send back what they read may leave them in; they are not looked at. */
const readOnlyFields = {
  id: z.unknown().optional(),
  user_id: z.unknown().optional(),
  user_name: z.unknown().optional(),
  owner_active: z.unknown().optional(),
  type_title: z.unknown().optional(),
  type_gone: z.unknown().optional(),
  description: z.unknown().optional(),
  pause_note: z.unknown().optional(),
  last_run: z.unknown().optional(),
  last_status: z.unknown().optional(),
  next_run: z.unknown().optional(),
  recent: z.unknown().optional(),
  sync: z.unknown().optional(),
  created_at: z.unknown().optional(),
  updated_at: z.unknown().optional(),
}

/** Body of POST and PUT. What is left out takes its default on both: PUT replaces the whole definition. */
export const scheduledReportInputSchema = z.strictObject({
  ...readOnlyFields,
  ...timingFields,
  name: lineOfText(1, 200),
  type: z.string().min(1).max(100),
  recipients: recipientsSchema,
  format: z.enum(fileFormats),
  /** How CSV files are written; kept, and not used, while the format is another. Null: as the installation says. */
  csv: csvChoicesSchema.nullable().meta({ default: defaults.csv }).optional(),
  columns: z.array(z.string().max(100)).min(1).max(500).optional(),
  filters_json: z
    .record(z.string().max(100), z.unknown())
    .nullable()
    .meta({ default: defaults.filters_json })
    .optional(),
  locale: z.enum(locales).optional(),
  enabled: z.boolean().meta({ default: defaults.enabled }).optional(),
  missed_runs: z.enum(missedRunsChoices).meta({ default: defaults.missed_runs }).optional(),
  only_if_rows: z.boolean().meta({ default: defaults.only_if_rows }).optional(),
  spread_minutes: spreadMinutes.meta({ default: defaults.spread_minutes }).optional(),
  pause_after_failures: pauseAfterFailures.meta({ default: defaults.pause_after_failures }).optional(),
  subject: lineOfText(0, 200).nullable().optional(),
  message: paragraphs(5_000).nullable().optional(),
})
export type ScheduledReportInput = z.infer<typeof scheduledReportInputSchema>

/** How one of its last reports ended, in a word. */
export const recentReportSchema = z.object({
  number: z.int(),
  status: z.enum(reportStatuses),
  delivery: z.enum(deliveryStates),
  /** The occurrence's nominal time; null for one that was run by hand. */
  scheduled_for: instant.nullable(),
})
export type RecentReport = z.infer<typeof recentReportSchema>

export const scheduledReportSchema = z.object({
  id: z.uuid(),
  user_id: z.string(),
  user_name: z.string(),
  /** False when the owner's account is deactivated: it is then paused until a new owner takes it over. */
  owner_active: z.boolean(),
  name: z.string(),
  type: z.string(),
  /** The type's title in the caller's language; its key when the catalogue no longer has it. */
  type_title: z.string(),
  /** The catalogue no longer has the type: its reports fail until it is back. */
  type_gone: z.boolean(),
  frequency: z.enum(frequencies),
  time: z.string(),
  weekdays: z.array(z.int()),
  month_day: z.union([z.int(), z.literal('last')]),
  cron_expression: z.string().nullable(),
  time_zone: z.string(),
  /** The rule in words, in the caller's language. */
  description: z.string(),
  recipients: z.array(z.string()),
  format: z.enum(fileFormats),
  csv: csvChoicesSchema.nullable(),
  columns: z.array(z.string()),
  filters_json: z.record(z.string(), z.unknown()),
  locale: z.enum(locales),
  enabled: z.boolean(),
  /** Why it is paused, when it was not a person's own click here, in the caller's language; an operator's own words. */
  pause_note: z.string().nullable(),
  missed_runs: z.enum(missedRunsChoices),
  only_if_rows: z.boolean(),
  spread_minutes: spreadMinutes,
  pause_after_failures: pauseAfterFailures,
  subject: z.string().nullable(),
  message: z.string().nullable(),
  last_run: instant.nullable(),
  last_status: z.enum(reportStatuses).nullable(),
  /** Null when paused. */
  next_run: instant.nullable(),
  /** Its last ten reports, newest first. */
  recent: z.array(recentReportSchema),
  /** Whether Temporal has this version of it: `pending` is applied as soon as Temporal answers. */
  sync: z.enum(['applied', 'pending']),
  created_at: instant,
  updated_at: instant,
})
export type ScheduledReportJson = z.infer<typeof scheduledReportSchema>

export const backfillInputSchema = z.strictObject({
  /** Both ends included. */
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  /** Also those already completed, each under a new N°. */
  again: z.boolean().default(false),
})

/**
 * `started`: it had no report, or one that was skipped. `relaunched`: its report had failed or been cancelled.
 * `repeated`: it was completed, and is run again because that was asked. `already_run`: nothing is done.
 */
export const backfillActions = ['started', 'relaunched', 'repeated', 'already_run'] as const
export type BackfillAction = (typeof backfillActions)[number]

export const backfillSchema = z.object({
  occurrences: z.array(z.object({ scheduled_for: instant, action: z.enum(backfillActions) })),
})

/** What a backfill would do, with what is known of each occurrence. */
export const backfillPreviewSchema = z.object({
  occurrences: z.array(
    z.object({
      scheduled_for: instant,
      action: z.enum(backfillActions),
      /** Its newest report, and how that stands; null when it has none. */
      number: z.int().nullable(),
      status: z.enum(reportStatuses).nullable(),
      /** The days its relative period covers, both included; null when no filter is a relative period. */
      period: z.object({ from: z.iso.date(), to: z.iso.date() }).nullable(),
    }),
  ),
})
export type BackfillPreview = z.infer<typeof backfillPreviewSchema>

/** What its pages draw over time: no phases, no recipients, so that a hundred come at once. */
export const occurrenceSchema = recentReportSchema.extend({
  origin: z.enum(reportOrigins),
  started_at: instant.nullable(),
  finished_at: instant.nullable(),
  row_count: z.int().nullable(),
  size_bytes: z.int().nullable(),
})
