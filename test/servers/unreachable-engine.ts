import { Client, Connection } from '@temporalio/client'

/** A client of a Temporal server that does not listen. */
export function unreachableEngine(namespace: string): Client {
  return new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }), namespace })
}

/** The same client, except that what it writes to a Schedule lands and its answer is lost. */
export function losingAnswers(temporal: Client): Client {
  const schedule = Object.assign(Object.create(temporal.schedule) as Client['schedule'], {
    getHandle: (id: string) => {
      const handle = temporal.schedule.getHandle(id)
      return Object.assign(Object.create(handle) as typeof handle, {
        update: async (change: Parameters<typeof handle.update>[0]) => {
          await handle.update(change)
          throw new Error('14 UNAVAILABLE: the connection was dropped')
        },
      })
    },
  })
  return Object.create(temporal, { schedule: { value: schedule } }) as Client
}
