import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { eventually } from '#test/eventually.ts'
import { createOutageWorld, type OutagePart, type OutageWorld } from '#test/worlds/outage-world.ts'

const minuteMs = 60_000
const worlds: OutageWorld[] = []
afterAll(() => Promise.all(worlds.map((world) => world.stopAll())), 120_000)

/** The results of an outage across three due times, by `missed_runs`. */
const expected = {
  latest: ['replaced_by_newer', 'replaced_by_newer', 'completed'],
  none: ['missed', 'missed', 'missed'],
  all: ['completed', 'completed', 'completed'],
} as const

describe.concurrent('three due times in an outage', () => {
  it.for<OutagePart>(['engine', 'worker', 'database'])(
    'of the %s leave one report each, as missed_runs says, and no duplicate mail',
    { timeout: 600_000 },
    async (lost) => {
      const world = await createOutageWorld(lost)
      worlds.push(world)
      // Late enough that the part is down before the first due time.
      const first = Math.ceil((Date.now() + 25_000) / minuteMs) * minuteMs
      const due = [0, 1, 2].map((index) => new Date(first + index * minuteMs))
      const cronExpression = `${due.map((at) => at.getUTCMinutes()).join(',')} * * * *`
      const ids = new Map<string, string>()
      for (const missedRuns of Object.keys(expected)) {
        const recipients = [`${missedRuns}@ville.test`]
        ids.set(missedRuns, await world.define({ cronExpression, missedRuns, recipients }))
      }
      await world.stop(lost)
      expect(Date.now()).toBeLessThan(first)
      // Until the last due time has passed by more than the limit for a late start.
      await delay(first + 2 * minuteMs + 75_000 - Date.now())
      await world.start(lost)

      for (const [missedRuns, results] of Object.entries(expected)) {
        const rows = await eventually(
          () =>
            world.prisma.report
              .findMany({
                where: { scheduledReportId: ids.get(missedRuns) },
                orderBy: { scheduledFor: 'asc' },
              })
              .catch(() => []),
          (seen) => seen.length >= 3 && seen.every(({ finishedAt }) => finishedAt !== null),
          { withinMs: 150_000 },
        )
        expect(rows.map(({ scheduledFor }) => scheduledFor)).toEqual(due)
        expect(rows.map(({ status, skipReason }) => skipReason ?? status)).toEqual(results)
        const ran = results.filter((result) => result === 'completed')
        expect(world.mail.mailsFor(`${missedRuns}@ville.test`)).toHaveLength(ran.length)
        // A row has its result before the engine has recorded it.
        await eventually(
          async () => (await world.engine.deliveryLogs(rows)).map((log) => log.skip_reason ?? log.status),
          (logged) => isDeepStrictEqual(logged, results),
        )
      }
    },
  )
})
