/**
 * How many connections and mails a second the mail server bears, learnt by all workers together: one row a server in
 * PostgreSQL, each change one statement, so that no worker need know the others. A limit is halved when the server
 * refuses a mail for it, and grows with each mail that it accepts: soon to four fifths of what was refused, then slowly,
 * up to the installation's own limit.
 */

import { Prisma, type PrismaClient } from '#prisma/client/client.ts'

/** What the server refused a mail for: too many connections, or too many mails within a time. */
export type MailLimit = 'connections' | 'rate'

export interface MailPaceOptions {
  /** Names the row: host and port. */
  server: string
  /** MAIL_MAX_CONNECTIONS and MAIL_RATE_PER_SECOND: never more, whatever is learnt. */
  maxConnections: number
  maxRate: number
}

export interface MailPace {
  /**
   * Whether a mail may begin now over this line, which then holds a connection, or goes on holding it.
   * @returns when it begins, by PostgreSQL's clock; null when it is not the time.
   */
  take(line: string): Promise<Date | null>
  /** The server accepted a mail. */
  accepted(): Promise<void>
  /**
   * The server refused a mail for a limit. Mails that began before the last lowering say nothing new.
   * @param began as `take` returned it
   * @returns whether the server has accepted any mail since then.
   */
  refused(limit: MailLimit, began: Date): Promise<boolean>
  /** Whether the server has accepted any mail within so many milliseconds. */
  acceptedWithin(ms: number): Promise<boolean>
  /** The lines are alive. */
  renew(lines: readonly string[]): Promise<void>
  /** The line's connection is closed. */
  release(line: string): Promise<void>
}

/** A connection of a worker that was killed counts this long; renewed three times as often. */
export const connectionLeaseMs = 30_000
/** After a refusal nobody begins a mail for this long, doubled with each further one that no acceptance parts. */
const firstPauseSeconds = 0.5
/** 0.5 s × 2⁷: a minute at most. */
const maxDoublings = 7
/** Mails that were not begun in time may be begun at once, for as much as this. */
const burstSeconds = 0.25
/** With each accepted mail, below and above four fifths of what was refused. */
const [growth, slowGrowth, nearRefusal] = [1.08, 1.01, 0.8]
const lowestRate = 0.1

const never = Prisma.sql`false`
const busy = Prisma.sql`(SELECT count(*) FROM jsonb_each_text(held) WHERE value::timestamptz > now())`

export function createMailPace(prisma: PrismaClient, options: MailPaceOptions): MailPace {
  const { server, maxConnections, maxRate } = options
  let isKnown = false

  return {
    async take(line) {
      if (!isKnown) {
        // Never lowered: a refusal in the very millisecond of the first mail counts too.
        await prisma.$executeRaw`
          INSERT INTO mail_pace (server, lowered_at) VALUES (${server}, 'epoch') ON CONFLICT DO NOTHING`
        isKnown = true
      }
      // Of two workers at once the second waits for the row's lock, and then decides by what the first wrote.
      const [begun] = await prisma.$queryRaw<{ at: Date }[]>`
        UPDATE mail_pace SET
          held = jsonb_set(
            (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each_text(held) WHERE value::timestamptz > now()),
            ARRAY[${line}]::text[], to_jsonb(now() + make_interval(secs => ${connectionLeaseMs / 1000}))),
          next_at = greatest(next_at, now() - make_interval(secs => ${burstSeconds}))
            + make_interval(secs => 1 / least(rate, ${maxRate}::float))
        WHERE server = ${server} AND next_at <= now() AND paused_until <= now()
          AND (SELECT count(*) FROM jsonb_each_text(held - ${line}::text) WHERE value::timestamptz > now())
            < greatest(1, floor(least(connections, ${maxConnections}::float)))
        RETURNING now() AS at`
      return begun?.at ?? null
    },
    async accepted() {
      await prisma.$executeRaw`
        UPDATE mail_pace SET accepted_at = clock_timestamp(), refusals = 0,
          connections = nullif(least(${maxConnections}::float, connections
            * CASE WHEN connections < connections_refused * ${nearRefusal}::float THEN ${growth}::float ELSE ${slowGrowth}::float END), ${maxConnections}::float),
          rate = nullif(least(${maxRate}::float, rate
            * CASE WHEN rate < rate_refused * ${nearRefusal}::float THEN ${growth}::float ELSE ${slowGrowth}::float END), ${maxRate}::float)
        WHERE server = ${server}`
    },
    async refused(limit, began) {
      // Between half and one and a half times as long.
      const pause = firstPauseSeconds * (0.5 + Math.random())
      const isNew = Prisma.sql`lowered_at < ${began}::timestamptz`
      const [ofConnections, ofRate] = [
        limit === 'connections' ? isNew : never,
        limit === 'rate' ? isNew : never,
      ]
      const rate = Prisma.sql`least(rate, ${maxRate}::float)`
      const [row] = await prisma.$queryRaw<{ others: boolean }[]>`
        UPDATE mail_pace SET
          connections = CASE WHEN ${ofConnections} THEN greatest(1, ${busy} / 2.0) ELSE connections END,
          connections_refused = CASE WHEN ${ofConnections} THEN ${busy} ELSE connections_refused END,
          rate = CASE WHEN ${ofRate} THEN greatest(${lowestRate}::float, ${rate} / 2) ELSE rate END,
          rate_refused = CASE WHEN ${ofRate} THEN ${rate} ELSE rate_refused END,
          refusals = refusals + CASE WHEN ${isNew} THEN 1 ELSE 0 END,
          paused_until = greatest(paused_until,
            now() + make_interval(secs => ${pause}::float * 2 ^ least(refusals, ${maxDoublings}::int))),
          lowered_at = CASE WHEN ${isNew} THEN clock_timestamp() ELSE lowered_at END
        WHERE server = ${server}
        RETURNING accepted_at > ${began}::timestamptz AS others`
      return row?.others ?? false
    },
    async acceptedWithin(ms) {
      const [row] = await prisma.$queryRaw<{ is: boolean }[]>`
        SELECT accepted_at > now() - make_interval(secs => ${ms / 1000}) AS is FROM mail_pace WHERE server = ${server}`
      return row?.is ?? false
    },
    async renew(lines) {
      await prisma.$executeRaw`
        UPDATE mail_pace SET held = held || (
          SELECT coalesce(jsonb_object_agg(line, now() + make_interval(secs => ${connectionLeaseMs / 1000})), '{}')
          FROM unnest(${[...lines]}::text[]) AS line)
        WHERE server = ${server}`
    },
    async release(line) {
      await prisma.$executeRaw`UPDATE mail_pace SET held = held - ${line}::text WHERE server = ${server}`
    },
  }
}
