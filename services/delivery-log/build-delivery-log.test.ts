import { describe, expect, it } from 'vitest'
import type { OpenResult, Settlement } from '#contract/report-run.ts'
import { buildDeliveryLog } from './build-delivery-log.ts'
import type { ActivityRecord, RunRecord } from './run-history.ts'

const row = { number: 42, workflowId: 'report:42', locale: 'fr' }
const at = (second: number) => new Date(Date.UTC(2026, 9, 1, 8, 0, second))

function activity(type: string, over: Partial<ActivityRecord> = {}): ActivityRecord {
  return {
    activityId: type,
    type,
    args: [],
    state: 'completed',
    attempts: 1,
    scheduledAt: at(1),
    startedAt: at(1),
    finishedAt: at(2),
    result: undefined,
    failure: null,
    heartbeat: undefined,
    ...over,
  }
}

function opened(recipients: string[]): ActivityRecord {
  const report: Extract<OpenResult, { kind: 'opened' }>['report'] = {
    number: 42,
    title: 'Écoles',
    type: 'schools',
    ownerId: 'o',
    locale: 'fr',
    scheduledFor: at(0).toISOString(),
    recipients,
    onlyIfRows: false,
    round: 0,
    settled: null,
    stored: false,
    delivered: [],
    deferredWaits: [60],
  }
  return activity('openReport', { result: { kind: 'opened', report } satisfies OpenResult })
}

function settled(settlement: Partial<Settlement>): ActivityRecord {
  const full: Settlement = {
    number: 42,
    round: 0,
    status: 'completed',
    delivery: 'sent',
    failure: null,
    recipients: [],
    ...settlement,
  }
  return activity('settleReport', { args: [full], finishedAt: at(9) })
}

function email(recipient: string, over: Partial<ActivityRecord> = {}): ActivityRecord {
  const receipt = { messageId: `<${recipient}>`, response: '250 ok', sentAt: at(5).toISOString() }
  return activity('emailReport', { args: [{ number: 42, recipient }], result: receipt, ...over })
}

function run(activities: ActivityRecord[], closedAt: Date | null = null): RunRecord {
  return { runId: 'r1', startedAt: at(0), closedAt, activities }
}

const refused: Partial<ActivityRecord> = {
  state: 'failed',
  attempts: 1,
  result: undefined,
  failure: { message: 'x', type: 'mail_refused', details: { response: '550 5.1.1 No such user' } },
}

describe('buildDeliveryLog', () => {
  it('describes a report that succeeded', () => {
    const log = buildDeliveryLog(row, [
      run([
        opened(['a@x.fr']),
        activity('generateReport', { attempts: 2 }),
        activity('storeReport'),
        email('a@x.fr'),
        settled({}),
      ]),
    ])
    expect(log).toMatchObject({ status: 'completed', delivery: 'sent', scheduled_for: at(0).toISOString() })
    expect(log.phases.map(({ phase, status, attempts }) => [phase, status, attempts])).toEqual([
      ['generate', 'completed', 2],
      ['store', 'completed', 1],
      ['email', 'completed', 1],
    ])
    expect(log.recipients).toEqual([
      {
        email: 'a@x.fr',
        status: 'sent',
        attempts: 1,
        message_id: '<a@x.fr>',
        response: '250 ok',
        error: null,
        sent_at: at(5).toISOString(),
      },
    ])
  })

  it('shows a current attempt with the failure of the previous one, in the report’s language', () => {
    const log = buildDeliveryLog(row, [
      run([
        opened(['a@x.fr']),
        activity('generateReport', {
          state: 'running',
          attempts: 2,
          finishedAt: null,
          failure: { message: 'ECONNREFUSED', type: 'source_unavailable', details: undefined },
        }),
      ]),
    ])
    expect(log.status).toBe('running')
    expect(log.phases[0]).toMatchObject({ status: 'running', attempts: 2, finished_at: null })
    expect(log.phases[0]?.error).toContain('ne répond pas')
  })

  it('shows a step that waits for a part that is away as running, with the last error until it is answered', () => {
    const away: Partial<ActivityRecord> = {
      state: 'failed',
      result: undefined,
      failure: { message: 'x', type: 'storage_unavailable', details: undefined },
    }
    const waiting = [opened(['a@x.fr']), activity('generateReport', away)]
    const again = [...waiting, activity('generateReport', { state: 'running', finishedAt: null })]
    for (const activities of [waiting, again]) {
      const [phase] = buildDeliveryLog(row, [run(activities)]).phases
      expect(phase).toMatchObject({ status: 'running', finished_at: null })
      expect(phase?.error).toContain('ne répond pas')
    }
    const cancelled = [...waiting, settled({ status: 'cancelled', delivery: 'none' })]
    expect(buildDeliveryLog(row, [run(cancelled)]).phases[0]).toMatchObject({ status: 'cancelled' })
    const givenUp = [...waiting, settled({ status: 'failed', delivery: 'none' })]
    expect(buildDeliveryLog(row, [run(givenUp)]).phases[0]).toMatchObject({ status: 'failed' })

    const unsent = {
      ...away,
      failure: { message: 'x', type: 'mail_unavailable', details: { response: null } },
    }
    const sending = [opened(['a@x.fr']), activity('generateReport'), email('a@x.fr', unsent)]
    expect(buildDeliveryLog(row, [run(sending)])).toMatchObject({
      recipients: [{ status: 'pending', attempts: 1 }],
    })
  })

  it('adds up the attempts for a recipient whose server defers the mail', () => {
    const later: Partial<ActivityRecord> = {
      state: 'failed',
      result: undefined,
      failure: { message: 'x', type: 'mail_deferred', details: { response: '451 4.7.1 Later' } },
    }
    const begun = [opened(['a@x.fr']), activity('generateReport'), activity('storeReport')]
    const waiting = [...begun, email('a@x.fr', later)]
    const asked = [
      ...waiting,
      email('a@x.fr', { state: 'scheduled', attempts: 0, result: undefined, finishedAt: null }),
    ]
    for (const activities of [waiting, asked]) {
      const log = buildDeliveryLog(row, [run(activities)])
      expect(log.recipients[0]).toMatchObject({ status: 'pending', attempts: 1, response: '451 4.7.1 Later' })
      expect(log.phases[2]).toMatchObject({ status: 'running', finished_at: null })
    }
    const taken = [...waiting, email('a@x.fr', { ...later, attempts: 2 }), email('a@x.fr'), settled({})]
    const log = buildDeliveryLog(row, [run(taken)])
    expect(log.recipients[0]).toMatchObject({ status: 'sent', attempts: 4, response: '250 ok', error: null })
    const given = {
      email: 'a@x.fr',
      status: 'failed',
      error: 'patience',
      response: '451 4.7.1 Later',
    } as const
    const up = settled({ status: 'failed', delivery: 'failed', recipients: [given] })
    expect(buildDeliveryLog(row, [run([...waiting, up])]).recipients[0]).toMatchObject(given)
    // Terminated during a wait: the recipient's result is unknown.
    expect(buildDeliveryLog(row, [run(waiting, at(9))])).toMatchObject({
      status: 'failed',
      recipients: [{ status: 'pending' }],
    })
  })

  it('gives each recipient its own result and the server’s reply', () => {
    const log = buildDeliveryLog(row, [
      run([
        opened(['a@x.fr', 'b@x.fr']),
        activity('generateReport'),
        activity('storeReport'),
        email('a@x.fr'),
        email('b@x.fr', refused),
        settled({
          delivery: 'partial',
          recipients: [
            { email: 'b@x.fr', status: 'failed', error: 'refusé', response: '550 5.1.1 No such user' },
          ],
        }),
      ]),
    ])
    expect(log.delivery).toBe('partial')
    expect(log.phases[2]).toMatchObject({ phase: 'email', status: 'failed' })
    expect(log.recipients[1]).toMatchObject({
      status: 'failed',
      response: '550 5.1.1 No such user',
      attempts: 1,
    })
  })

  it('adds a relaunch’s attempts to earlier ones, across runs', () => {
    const first = run(
      [
        opened(['a@x.fr']),
        activity('generateReport', {
          state: 'failed',
          attempts: 3,
          failure: { message: 'x', type: 'source_unavailable', details: undefined },
        }),
        settled({ status: 'failed', delivery: 'none' }),
      ],
      at(20),
    )
    const second: RunRecord = {
      ...run([opened(['a@x.fr']), activity('resumeReport'), activity('generateReport')]),
      runId: 'r2',
    }
    const log = buildDeliveryLog(row, [first, second])
    expect(log).toMatchObject({ status: 'running', finished_at: null, started_at: at(0).toISOString() })
    expect(log.phases[0]).toMatchObject({ status: 'completed', attempts: 4, error: null })
  })

  it('continues from the archive when the engine has deleted the earlier runs', () => {
    const before = buildDeliveryLog(row, [
      run(
        [
          opened(['a@x.fr']),
          activity('generateReport', { attempts: 2 }),
          activity('storeReport'),
          email('a@x.fr', refused),
          settled({ status: 'failed', delivery: 'failed' }),
        ],
        at(20),
      ),
    ])
    const log = buildDeliveryLog(
      row,
      [{ ...run([activity('resumeReport'), email('a@x.fr'), settled({ recipients: [] })]), runId: 'r2' }],
      { before },
    )
    expect(log.phases[0]).toMatchObject({ attempts: 2, status: 'completed' })
    expect(log.recipients[0]).toMatchObject({ status: 'sent', attempts: 2 })
    expect(before.recipients[0]).toMatchObject({ status: 'failed', attempts: 1 })
  })

  it('shows a report as failed when its workflow was terminated', () => {
    const log = buildDeliveryLog(row, [
      run([opened(['a@x.fr']), activity('generateReport', { state: 'running', finishedAt: null })], at(30)),
    ])
    expect(log).toMatchObject({ status: 'failed', finished_at: at(30).toISOString() })
  })

  it('shows a mail as sent when it was accepted although its activity timed out', () => {
    const timedOut: Partial<ActivityRecord> = {
      state: 'failed',
      attempts: 3,
      failure: { message: 'activity Heartbeat timeout', type: 'worker_lost', details: undefined },
    }
    const log = buildDeliveryLog(row, [
      run([
        opened(['a@x.fr']),
        activity('generateReport'),
        activity('storeReport'),
        email('a@x.fr', timedOut),
        settled({
          recipients: [
            {
              email: 'a@x.fr',
              status: 'sent',
              messageId: '<m>',
              response: '250 ok',
              sentAt: at(6).toISOString(),
            },
          ],
        }),
      ]),
    ])
    expect(log.recipients[0]).toMatchObject({ status: 'sent', attempts: 3, error: null, response: '250 ok' })
    expect(log.phases[2]).toMatchObject({ status: 'completed' })
  })

  it('shows why an occurrence was skipped', () => {
    const result: OpenResult = {
      kind: 'ended',
      number: 42,
      reason: 'skipped',
      skipReason: 'previous_still_running',
    }
    expect(buildDeliveryLog(row, [run([activity('openReport', { result })], at(3))])).toMatchObject({
      status: 'skipped',
      skip_reason: 'previous_still_running',
    })
  })
})
