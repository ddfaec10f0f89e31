import { Client, Connection, type ScheduleSpec } from '@temporalio/client'
import { createTestNamespace } from './servers/temporal-namespace.ts'

const pageSize = 1000

type Request = Parameters<Client['workflowService']['listScheduleMatchingTimes']>[0]
type Timestamp = NonNullable<Request['startTime']>

/** The server's own answer to when a Schedule fires: what the tests of timing measure against. */
export class MatchingTimes {
  readonly client: Client
  readonly namespace: string
  readonly #connection: Connection

  private constructor(connection: Connection, namespace: string) {
    this.#connection = connection
    this.namespace = namespace
    this.client = new Client({ connection, namespace })
  }

  static async open(): Promise<MatchingTimes> {
    const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = await createTestNamespace()
    return new MatchingTimes(await Connection.connect({ address: TEMPORAL_ADDRESS }), TEMPORAL_NAMESPACE)
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }

  /** Makes a paused Schedule, which starts nothing, for as long as `use` takes. */
  async withSchedule<Result>(
    spec: ScheduleSpec,
    use: (scheduleId: string) => Promise<Result>,
    scheduleId: string = crypto.randomUUID(),
  ): Promise<Result> {
    const handle = await this.client.schedule.create({
      scheduleId,
      spec,
      state: { paused: true },
      action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none', args: [] },
    })
    try {
      return await use(scheduleId)
    } finally {
      await handle.delete()
    }
  }

  /**
   * When a Schedule starts its action in [from, to], both ends included, in order, in whole seconds. The server
   * itself leaves the first instant out and stops at 1,000 times.
   */
  async between(scheduleId: string, from: Date, to: Date): Promise<Date[]> {
    const times: Date[] = []
    let after = from.getTime() - 1
    for (;;) {
      const page = await this.page(scheduleId, new Date(after), to)
      times.push(...page.map((time) => new Date(Math.floor(time.getTime() / 1000) * 1000)))
      if (page.length < pageSize) return times
      after = page.at(-1)!.getTime()
    }
  }

  /** One answer of the server, as it is: at most 1,000 times after `after` up to `to`, with milliseconds. */
  async page(scheduleId: string, after: Date, to: Date): Promise<Date[]> {
    const { startTime } = await this.client.workflowService.listScheduleMatchingTimes({
      namespace: this.namespace,
      scheduleId,
      startTime: timestamp(after),
      endTime: timestamp(to),
    })
    return (startTime ?? []).map(
      ({ seconds, nanos }) => new Date(Number(seconds) * 1000 + Math.floor((nanos ?? 0) / 1_000_000)),
    )
  }
}

function timestamp(instant: Date): Timestamp {
  const ms = instant.getTime()
  const seconds = Math.floor(ms / 1000)
  // The generated type wants a Long; the wire takes a number as well.
  return { seconds: seconds as unknown as Timestamp['seconds'], nanos: (ms - seconds * 1000) * 1_000_000 }
}
