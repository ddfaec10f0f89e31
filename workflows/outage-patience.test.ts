/** Waits of minutes and hours, on a clock that moves when something sleeps. */

import { ApplicationFailure, RetryState } from '@temporalio/common'
import { ActivityFailure } from '@temporalio/workflow'
import { describe, expect, it } from 'vitest'
import { awayPartOf, awayParts, type AwayPart, type FailureCode } from '#domain/failures.ts'
import type { Waiting } from '#contract/report-run.ts'
import { deliverToRecipients } from './deliver-to-recipients.ts'
import { OutagePatience } from './outage-patience.ts'
import { maxConcurrentRecipients } from './policies.ts'

const minuteMs = 60_000
function startClock() {
  let nowMs = 0
  const sleeps: number[] = []
  return {
    sleeps,
    now: () => nowMs,
    random: () => 0.5,
    sleep: async (ms: number) => {
      sleeps.push(ms)
      // What runs beside the sleep has its turn.
      await new Promise((resolve) => setTimeout(resolve, 1))
      nowMs += ms
    },
  }
}

function setUp({ minutes = 60 }: { minutes?: number } = {}) {
  const clock = startClock()
  const shown: (Waiting | null)[] = []
  const patience = new OutagePatience({ minutes, clock, onChange: (waiting) => shown.push(waiting) })
  /** Attempts until the part answers, at the given minute, or the patience is over. */
  async function attempt(part: AwayPart, backAfterMinutes: number): Promise<number | 'given up'> {
    for (let attempts = 1; ; attempts++) {
      if (clock.now() >= backAfterMinutes * minuteMs) {
        patience.answered()
        return attempts
      }
      if (!(await patience.wait(part))) return 'given up'
    }
  }
  return { clock, shown, patience, attempt }
}

describe('a part that is away', () => {
  it.each(awayParts)(
    '%s: is waited for ten minutes, with growing waits, and found back soon',
    async (part) => {
      const { attempt, clock, shown } = setUp()
      expect(await attempt(part, 10)).toBeLessThan(12)
      expect(clock.now()).toBeLessThan(12.5 * minuteMs)
      expect(clock.sleeps.slice(0, 6)).toEqual([5_500, 16_500, 33_000, 66_000, 132_000, 132_000])
      expect(shown[0]).toEqual({ part, since: new Date(0).toISOString(), attempt: 2 })
      expect(shown.at(-1)).toBeNull()
    },
  )

  it('is given up when the patience is over, not sooner, after a last attempt', async () => {
    const { attempt, clock, patience } = setUp({ minutes: 60 })
    expect(await attempt('storage', 59)).not.toBe('given up')
    const away = setUp({ minutes: 60 })
    expect(await away.attempt('storage', 61)).toBe('given up')
    expect(away.clock.now()).toBe(60 * minuteMs)
    expect(away.patience.waited('storage', 'fr')).toBe('Rapporteur a attendu 60 min.')
    expect(away.patience.waited('storage', 'en')).toBe('Rapporteur waited for 60 min.')
    // The next outage is another one.
    expect(clock.now()).toBeLessThan(62 * minuteMs)
    expect(await patience.wait('storage')).toBe(true)
    expect(patience.waited('mail', 'fr')).toBe('')
  })

  it('has three attempts without patience', async () => {
    const { attempt, clock, patience } = setUp({ minutes: 0 })
    expect(await attempt('source', 1)).toBe('given up')
    expect(clock.sleeps).toHaveLength(2)
    expect(patience.waited('source', 'fr')).toBe('')
  })

  it('has a patience of its own beside that of another part', async () => {
    const { attempt, patience } = setUp({ minutes: 10 })
    expect(await attempt('source', 11)).toBe('given up')
    expect(patience.isOver('storage')).toBe(false)
    expect(await patience.wait('storage')).toBe(true)
  })
})

describe('a mail server that is away', () => {
  const recipients = Array.from({ length: 25 }, (_, index) => `r${index}@ville.test`)

  function deliver(backAfterMinutes: number, after?: (email: string) => FailureCode | undefined) {
    const { clock, patience } = setUp()
    let [tries, concurrent, maxConcurrent] = [0, 0, 0]
    const sent: string[] = []
    const delivered = deliverToRecipients({
      recipients,
      locale: 'fr',
      concurrency: maxConcurrentRecipients,
      waits: { deferred: [], quota: [] },
      maxBusyRounds: 1,
      isCurrent: true,
      nameOf: (email) => email,
      onWaiting: () => {},
      patience,
      partAwayIn: (error) =>
        error instanceof ActivityFailure && error.cause instanceof ApplicationFailure
          ? awayPartOf(error.cause.type ?? '')
          : null,
      send: async (email) => {
        tries += 1
        concurrent += 1
        maxConcurrent = Math.max(maxConcurrent, concurrent)
        await new Promise((resolve) => setTimeout(resolve, 1))
        concurrent -= 1
        const code = clock.now() < backAfterMinutes * minuteMs ? 'mail_unavailable' : after?.(email)
        if (code) throw failed(code)
        sent.push(email)
        return { messageId: `<${email}>`, response: '250 ok', sentAt: new Date(clock.now()).toISOString() }
      },
    })
    return delivered.then(({ results }) => ({ results, sent, tries, maxConcurrent, clock }))
  }

  it('for ten minutes marks nobody as failed: one recipient tries, and each has the mail once', async () => {
    const { results, sent, tries, maxConcurrent, clock } = await deliver(10)
    expect(results.map(({ status }) => status)).toEqual(recipients.map(() => 'sent'))
    expect(sent.toSorted()).toEqual(recipients.toSorted())
    expect(maxConcurrent).toBeLessThanOrEqual(maxConcurrentRecipients)
    // Those in flight when it went, the trials, and one mail each.
    expect(tries).toBeLessThanOrEqual(maxConcurrentRecipients + 11 + recipients.length)
    expect(clock.now()).toBeLessThan(12.5 * minuteMs)
  })

  it('for longer than the patience: each has failed, and the error says how long it was waited for', async () => {
    const { results, sent, tries } = await deliver(1_000)
    expect(sent).toEqual([])
    expect(new Set(results.map(({ status, code }) => `${status} ${code}`))).toEqual(
      new Set(['failed mail_unavailable']),
    )
    expect(results[0]?.error).toContain('Rapporteur a attendu 60 min.')
    expect(tries).toBeLessThan(100)
  })

  it('a mail that perhaps arrived is not sent again when the server is back', async () => {
    const { results, sent, tries } = await deliver(0, (email) =>
      email === 'r3@ville.test' ? 'mail_uncertain' : undefined,
    )
    expect(results[3]).toMatchObject({ status: 'uncertain' })
    expect([sent.length, tries]).toEqual([24, 25])
  })
})

function failed(code: FailureCode): ActivityFailure {
  const cause = ApplicationFailure.nonRetryable(`It says ${code}`, code)
  return new ActivityFailure('It failed', 'emailReport', '1', RetryState.NON_RETRYABLE_FAILURE, '', cause)
}
