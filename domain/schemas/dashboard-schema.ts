/** The administrators' dashboard: what is due, failures, results by day, what is paused. */

import { z } from 'zod'
import { reportFailureSchema, stuckSchema } from './report-schema.ts'
import { installationParts } from '../installation-part.ts'
import { fileFormats } from '../report-status.ts'

const instant = z.iso.datetime()
const day = z.iso.date()

/** A definition as the dashboard names it. */
const definition = {
  scheduled_report_id: z.uuid(),
  name: z.string(),
  owner_name: z.string(),
}

export const dueRunSchema = z.object({
  ...definition,
  at: instant,
  type_title: z.string(),
  format: z.enum(fileFormats),
  recipient_count: z.int(),
})

const troubledReport = {
  number: z.int(),
  title: z.string(),
  /** The scheduled report's name; null for a report asked for, or when its definition is gone. */
  name: z.string().nullable(),
  scheduled_report_id: z.uuid().nullable(),
  owner_name: z.string(),
  requested_at: instant,
}

const list = <Item extends z.ZodType>(item: Item) =>
  z.object({
    /** The first of them. */
    items: z.array(item),
    /** How many there are. */
    total: z.int(),
  })

export const dashboardSchema = z.object({
  generated_at: instant,
  /** The zone of every `date`: the person's. */
  time_zone: z.string(),
  /** What is wrong with the installation itself, the oldest first. */
  installation: z.array(
    z.object({
      part: z.enum(installationParts),
      /** Technical words. */
      detail: z.string(),
      since: instant,
      last_seen_at: instant,
    }),
  ),
  /** Those of this process: the version of the organisation's own files, and how many types there are. */
  report_types: z.object({ version: z.string(), total: z.int() }),
  due: z.object({
    /** From now on, soonest first. */
    next_24_hours: list(dueRunSchema).extend({
      /** By hour, from the current one on: 25 of them, so that the last is whole. */
      hours: z.array(z.object({ from: instant, count: z.int() })),
    }),
    /** From today on: eight days, the last one up to the present time of day. */
    next_7_days: z.object({ total: z.int(), days: z.array(z.object({ date: day, count: z.int() })) }),
  }),
  failures: z.object({
    /** Open, and their runs cannot go on, oldest first. */
    stuck: list(z.object({ ...troubledReport, stuck: stuckSchema })),
    /** Failed in the last 30 days and not relaunched, newest first. */
    failed: list(
      z.object({
        ...troubledReport,
        failure: reportFailureSchema.nullable(),
        failed_in_a_row: z.int(),
      }),
    ),
    /** Scheduled reports whose last two or more reports failed, worst first. */
    in_a_row: list(
      z.object({
        ...definition,
        number: z.int(),
        failed_in_a_row: z.int(),
        failed_at: instant,
        failure: reportFailureSchema.nullable(),
      }),
    ),
    /** Some recipients did not get it, or only perhaps, in the last 30 days, newest first. */
    partly_delivered: list(
      z.object({ ...troubledReport, undelivered: z.array(z.string()), recipient_count: z.int() }),
    ),
  }),
  last_30_days: z.object({
    /** Completed ones, partly delivered included, among those completed or failed. Null when there are none. */
    success_rate: z.number().min(0).max(1).nullable(),
    completed: z.int(),
    /** Of the completed ones. */
    partly_delivered: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    skipped: z.int(),
    /** From start to end, of those completed without a relaunch; null when there are none. */
    median_ms: z.number().nullable(),
    p95_ms: z.number().nullable(),
    /** 30 of them, today the last. */
    days: z.array(
      z.object({
        date: day,
        completed: z.int(),
        partly_delivered: z.int(),
        failed: z.int(),
        skipped: z.int(),
        median_ms: z.number().nullable(),
        p95_ms: z.number().nullable(),
      }),
    ),
  }),
  paused: list(
    z.object({
      ...definition,
      type_title: z.string(),
      /** Null when a person disabled it here. */
      pause_note: z.string().nullable(),
      updated_at: instant,
    }),
  ),
})
export type Dashboard = z.infer<typeof dashboardSchema>
